import { segmentIndexIndex } from '../air/challenges.ts'
import type { TableValues } from '../air/check.ts'
import type { Expression, Selector } from '../air/expression.ts'
import type { Table } from '../air/table.ts'
import { add, inverse, mul, rootOfUnity, sub } from '../field/goldilocks.ts'

/** The value of an expression on a row. */
export type RowFunction = (values: TableValues, row: number) => bigint

/** A column that an expression reads, `offset` rows further down. */
export interface ColumnUse {
  readonly stage: 'fixed' | 'main'
  readonly index: number
  readonly offset: number
}

/** Whether a table's expressions are of main and fixed columns alone, so that `rowFunction` takes them. */
export function isPlain({ accumulators, periodicColumns }: Table): boolean {
  return accumulators.length === 0 && periodicColumns.length === 0
}

/** An expression that knows no challenges, as a function: many times as fast as `Evaluator`, which mutation runs need. */
export function rowFunction({ pool }: Pick<Table, 'pool'>, { id }: Expression): RowFunction {
  const node = pool.node(id)
  switch (node.kind) {
    case 'constant': {
      const { value } = node
      return () => value
    }
    case 'column': {
      const { stage, index, offset } = node
      if (stage === 'aux') throw new TypeError('a row function knows no challenges')
      return (values, row) => {
        const height = 2 ** values.logHeight
        return values[stage][index * height + ((row + offset) % height)] ?? 0n
      }
    }
    case 'selector': {
      const { selector } = node
      return ({ logHeight }, row) => selectorAt(selector, row, logHeight)
    }
    case 'add':
    case 'sub':
    case 'mul': {
      const left = rowFunction({ pool }, pool.expression(node.left))
      const right = rowFunction({ pool }, pool.expression(node.right))
      const operate = { add, sub, mul }[node.kind]
      return (values, row) => operate(left(values, row), right(values, row))
    }
    case 'challenge':
      if (node.index !== segmentIndexIndex) throw new TypeError('a row function knows no challenges')
      return ({ segment = 0 }) => BigInt(segment)
    default:
      throw new TypeError('a row function knows no challenges')
  }
}

/** The columns that expressions read, each once. */
export function columnUses({ pool }: Pick<Table, 'pool'>, expressions: readonly Expression[]): ColumnUse[] {
  const uses = new Map<string, ColumnUse>()
  const seen = new Set<number>()
  const visit = (id: number): void => {
    if (seen.has(id)) return
    seen.add(id)
    const node = pool.node(id)
    if (node.kind === 'column' && node.stage !== 'aux')
      uses.set(`${node.stage}${node.index}@${node.offset}`, { stage: node.stage, index: node.index, offset: node.offset })
    if (node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul') {
      visit(node.left)
      visit(node.right)
    }
  }
  for (const { id } of expressions) visit(id)
  return [...uses.values()]
}

function selectorAt(selector: Selector, row: number, logHeight: number): bigint {
  const last = 2 ** logHeight - 1
  if (selector === 'isFirst') return row === 0 ? 1n : 0n
  if (selector === 'isLast') return row === last ? 1n : 0n
  return row === last ? 0n : sub(2n, inverse(rootOfUnity(logHeight)))
}
