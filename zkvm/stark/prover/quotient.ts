import type { Air } from '../../air/air.ts'
import { compileProgram, type ProgramColumn } from '../../air/compile.ts'
import type { Stage } from '../../air/expression.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import type { Layout } from '../layout.ts'
import type { StageCoefficients } from './commitment.ts'
import { columnSources, periodicSources, periodicWords } from './row-sources.ts'
import type { RowSource, Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const rowsPerTask = 4096
const rowsPerSum = 1 << 14
const stages: readonly Stage[] = ['fixed', 'main', 'aux']
const selectors = ['isFirst', 'isLast', 'isTransition'] as const

/**
 * The quotient of all constraints, combined by powers of a challenge, by X^N − 1: three arrays of 2N coefficients.
 * Degree 3 makes it lower than 2N, so two cosets of size N determine it. A table of height n = N/t is evaluated at X^t, of which a coset has n values.
 */
export async function quotientPolynomial({
  air,
  layout,
  coefficients,
  challenges,
  sums,
  constraintChallenge,
  workers,
}: {
  readonly air: Air
  readonly layout: Layout
  readonly coefficients: Readonly<Record<Stage, StageCoefficients>>
  readonly challenges: readonly Extension[]
  readonly sums: readonly Extension[]
  readonly constraintChallenge: Extension
  readonly workers: ProverWorkers
}): Promise<Words> {
  const { logHeight } = layout
  const height = 2 ** logHeight
  const programs = compileTables(air, layout, challenges, sums, constraintChallenge)
  const periodic = await periodicCoefficients(air, challenges, workers)
  const quotient = allocateWords(3 * 2 * height)
  const doubleRoot = base.rootOfUnity(logHeight + 1)
  for (let coset = 0; coset < 2; coset++) {
    const shift = base.mul(base.generator, base.power(doubleRoot, BigInt(coset)))
    const zerofier = base.sub(base.power(shift, 1n << BigInt(logHeight)), 1n)
    const tables: { readonly values: Words; readonly log: number }[] = []
    for (const [table, program] of programs.entries()) {
      if (program === null) continue
      const log = layout.logHeights[table] ?? 0
      const tableShift = base.power(shift, 1n << BigInt(logHeight - log))
      const { logPeriod = 0 } = air.tables[table] ?? {}
      const columns = await extendTable(table, log, tableShift, coefficients, workers)
      const periodicShift = base.power(tableShift, 1n << BigInt(log - logPeriod))
      const repeated = await extendPeriodic(periodic[table] ?? null, logPeriod, periodicShift, workers)
      const values = await evaluateTable(program, { ...columns, periodic: repeated, logPeriod }, 2 ** log, workers)
      tables.push({ values, log })
    }
    const factor = base.inverse(zerofier)
    const place = { start: coset * height, stride: 2 * height }
    const count = Math.min(rowsPerSum, height)
    const sumTasks = Array.from({ length: height / count }, (_, index): Task => {
      return { task: 'addPeriodic', tables, factor, from: index * count, count, out: quotient, ...place }
    })
    await workers.run(sumTasks)
    await workers.run(
      [0, 1, 2].map((c): Task => ({ task: 'interpolate', words: quotient, log: logHeight, columns: [2 * c + coset], shift })),
    )
  }
  await workers.run(joinTasks(quotient, height))
  return quotient
}

/** Each coset gives the remainder modulo its own polynomial, X^N − g^N or X^N + g^N; together they give the quotient. */
function joinTasks(quotient: Words, height: number): Task[] {
  const c = base.power(base.generator, BigInt(height))
  const count = Math.min(rowsPerSum, height)
  return [0, 1, 2].flatMap((coordinate) =>
    Array.from({ length: height / count }, (_, index): Task => {
      const from = 2 * coordinate * height + index * count
      return { task: 'joinRemainders', low: { words: quotient, from, count }, high: { words: quotient, from: from + height, count }, c }
    }),
  )
}

function compileTables(
  air: Air,
  layout: Layout,
  challenges: readonly Extension[],
  sums: readonly Extension[],
  constraintChallenge: Extension,
): (ReturnType<typeof compileProgram> | null)[] {
  let weight = extension.one
  return air.tables.map((table, index) => {
    const accumulate = [...table.constraints, ...table.busConstraints].map(({ expression }) => {
      const term = { expression, weight }
      weight = extension.mul(weight, constraintChallenge)
      return term
    })
    if (accumulate.length === 0) return null
    const rows = 1n << BigInt(layout.logHeights[index] ?? 0)
    const sumPerRow = extension.scale(sums[index] ?? extension.zero, base.inverse(rows))
    return compileProgram({ pool: table.pool, accumulate, challenges, sumPerRow })
  })
}

/** A table's columns and selectors on a coset, natural order, in the workspace. */
interface ExtendedTable {
  readonly stages: Readonly<Record<Stage, Words | null>>
  readonly selectors: Words
  /** One period of each periodic column, three arrays a column. */
  readonly periodic: Words | null
  readonly logPeriod: number
}

async function extendTable(
  table: number,
  log: number,
  shift: bigint,
  coefficients: Readonly<Record<Stage, StageCoefficients>>,
  workers: ProverWorkers,
): Promise<Pick<ExtendedTable, 'stages' | 'selectors'>> {
  const extended: Record<Stage, Words | null> = { fixed: null, main: null, aux: null }
  const sources = stages.map((stage) => coefficients[stage][table] ?? null)
  const selectorWords = 3 * 2 ** log
  const workspace = workers.workspace(sources.reduce((sum, source) => sum + (source?.length ?? 0), selectorWords))
  const selectorValues = workspace.subarray(0, selectorWords)
  let used = selectorWords
  const tasks: Task[] = []
  for (const [index, stage] of stages.entries()) {
    const source = sources[index] ?? null
    if (source === null) continue
    const out = workspace.subarray(used, used + source.length)
    used += source.length
    extended[stage] = out
    for (let column = 0; column < source.length / 2 ** log; column++) {
      tasks.push({ task: 'extendColumns', coefficients: source, out, log, shift, columns: [column] })
    }
  }
  tasks.push({ task: 'selectors', out: selectorValues, log, shift })
  await workers.run(tasks)
  return { stages: extended, selectors: selectorValues }
}

/** A periodic column is a polynomial in y^(n/p), of which a table's coset has p values: the columns of a table of p rows. */
async function periodicCoefficients(air: Air, challenges: readonly Extension[], workers: ProverWorkers): Promise<(Words | null)[]> {
  const coefficients = air.tables.map((table) => (table.periodicColumns.length === 0 ? null : periodicWords(table, challenges)))
  await workers.run(
    coefficients.flatMap((words, index): Task[] => {
      if (words === null) return []
      const { periodicColumns = [], logPeriod = 0 } = air.tables[index] ?? {}
      return [{ task: 'interpolate', words, log: logPeriod, columns: columnIndices(periodicColumns.length), shift: 1n }]
    }),
  )
  return coefficients
}

async function extendPeriodic(coefficients: Words | null, log: number, shift: bigint, workers: ProverWorkers): Promise<Words | null> {
  if (coefficients === null) return null
  const out = allocateWords(coefficients.length)
  const columns = columnIndices(coefficients.length / 3 / 2 ** log)
  await workers.run([{ task: 'extendColumns', coefficients, out, log, shift, columns }])
  return out
}

/** Of all coordinates of so many columns of the extension. */
function columnIndices(count: number): number[] {
  return Array.from({ length: 3 * count }, (_, index) => index)
}

async function evaluateTable(
  program: ReturnType<typeof compileProgram>,
  extended: ExtendedTable,
  height: number,
  workers: ProverWorkers,
): Promise<Words> {
  const result = allocateWords(3 * height)
  const sources = program.columns.flatMap((column) => sourcesOf(column, height, extended))
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerTask) {
    tasks.push({ task: 'runProgram', program, sources, height, from, count: Math.min(rowsPerTask, height - from), result })
  }
  await workers.run(tasks)
  return result
}

function sourcesOf(
  column: ProgramColumn,
  height: number,
  { stages: values, selectors: selectorValues, periodic, logPeriod }: ExtendedTable,
): RowSource[] {
  if (column.kind === 'periodic') {
    if (periodic === null) throw new RangeError('the table has no periodic columns')
    return periodicSources(column, periodic, logPeriod)
  }
  if (column.kind === 'selector')
    return [{ words: selectorValues, from: selectors.indexOf(column.selector) * height, offset: 0, period: height }]
  const words = values[column.stage]
  if (words === null) throw new RangeError(`the table has no ${column.stage} columns`)
  return columnSources(column, words, height)
}
