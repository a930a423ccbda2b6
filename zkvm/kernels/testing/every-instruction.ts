import { type CompileOptions, compileProgram, type ProgramColumn } from '../../air/compile.ts'
import { Evaluator } from '../../air/evaluate.ts'
import { ExpressionPool } from '../../air/expression.ts'
import * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'
import type { ProgramSource } from '../kernels.ts'
import { elements } from './elements.ts'

/** Expressions for which every instruction is needed. */
export const pool = new ExpressionPool()
const [x, y, next, previous] = [pool.column('main', 0), pool.column('main', 1), pool.column('main', 0, 1), pool.column('main', 1, -1)]
const [e, f] = [pool.column('aux', 0), pool.column('aux', 1, 3)]
const [short, long] = [pool.periodic(0, false), pool.periodic(1, true)]
const k = pool.challenge(0)
const five = pool.constant(5)
const ofBase = [x.add(y), x.sub(next), x.mul(previous), x.add(5), five.sub(y), y.mul(5), short.mul(x), pool.selector('isLast').mul(y)]
const extended = [
  e.add(f),
  e.sub(f),
  e.mul(f),
  e.add(x),
  f.sub(y),
  x.sub(e),
  e.mul(y),
  e.add(k),
  k.sub(e),
  f.mul(k),
  x.add(k),
  k.sub(y),
  x.mul(k),
]
const expressions = [...ofBase, ...extended, long.mul(e), long.mul(short), five.add(0)]
export const accumulated = {
  accumulate: expressions.map((expression, i) => ({ expression, weight: [BigInt(i), 1n, base.modulus - 1n] as const })),
}
export const stored = { store: expressions }

/** What a table of `height` rows gives those expressions; some columns repeat sooner. */
export function everyInstruction(height: number) {
  const periods: readonly number[] = [Math.min(4, height), Math.min(128, height)]
  const words = elements(height * 8)
  const periodic = elements(6 * 128, 17n)
  const challenge: extension.Extension = [3n, base.modulus - 2n, 0n]
  const sourceOf = (column: ProgramColumn): ProgramSource[] => {
    if (column.kind === 'selector') return [{ words, from: 7 * height, offset: 0, period: height }]
    if (column.kind === 'periodic') {
      const period = periods[column.index] ?? 1
      return [0, 1, 2]
        .slice(0, column.isExtension ? 3 : 1)
        .map((c) => ({ words: periodic, from: (3 * column.index + c) * 128, offset: 0, period }))
    }
    const first = column.stage === 'main' ? column.index : 2 + 3 * column.index
    return [0, 1, 2]
      .slice(0, column.stage === 'aux' ? 3 : 1)
      .map((c) => ({ words, from: (first + c) * height, offset: column.offset, period: height }))
  }
  const valueAt = (column: ProgramColumn, row: number): extension.Extension => {
    const at = sourceOf(column).map(
      ({ words: from, from: start, offset, period }) => from[start + ((row + offset + period) % period)] ?? 0n,
    )
    return [at[0] ?? 0n, at[1] ?? 0n, at[2] ?? 0n]
  }
  const run = (expressions: Pick<CompileOptions, 'accumulate' | 'store'>) => {
    const program = compileProgram({ pool, ...expressions, challenges: [challenge], sumPerRow: extension.one })
    return { program, sources: program.columns.flatMap(sourceOf) }
  }
  const expected = ({ accumulate = [] }: Pick<CompileOptions, 'accumulate'>, from: number, count: number): extension.Extension[] =>
    Array.from({ length: count }, (_, index) => {
      const row = from + index
      const evaluator = new Evaluator(pool, {
        column: (stage, column, offset) => valueAt({ kind: 'column', stage, index: column, offset }, row),
        selector: (selector) => valueAt({ kind: 'selector', selector }, row),
        periodic: (column) => valueAt({ kind: 'periodic', index: column, isExtension: column === 1 }, row),
        challenge: () => challenge,
        sumPerRow: () => extension.one,
      })
      return accumulate
        .map(({ expression, weight }) => extension.mul(evaluator.evaluate(expression), weight))
        .reduce(extension.add, extension.zero)
    })
  return { run, expected }
}
