import type { Air } from '../../air/air.ts'
import { compileProgram } from '../../air/compile.ts'
import type { Table } from '../../air/table.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'
import { fillAccumulators } from './accumulators.ts'
import { periodicWords, rowSources, type TableRows } from './row-sources.ts'
import { allocateWords, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const rowsPerTask = 4096

/** The accumulators and LogUp columns of each table (three arrays a column; null without any) and its LogUp sum. */
export async function busColumns({
  air,
  logHeights,
  fixed,
  main,
  challenges,
  workers,
}: {
  readonly air: Air
  readonly logHeights: readonly number[]
  readonly fixed: readonly (Words | null)[]
  readonly main: readonly (Words | null)[]
  readonly challenges: readonly Extension[]
  readonly workers: ProverWorkers
}): Promise<{ readonly values: (Words | null)[]; readonly sums: Extension[] }> {
  const values = air.tables.map((table, index) =>
    table.auxCount === 0 ? null : allocateWords(3 * table.auxCount * 2 ** (logHeights[index] ?? 0)),
  )
  const rows = air.tables.map(
    (table, index): TableRows => ({
      height: 2 ** (logHeights[index] ?? 0),
      fixed: fixed[index] ?? null,
      main: main[index] ?? null,
      aux: values[index] ?? null,
      periodic: periodicWords(table, challenges),
    }),
  )
  for (const [index, table] of air.tables.entries()) {
    const own = rows[index]
    if (own !== undefined) await fillAccumulators(table, own, challenges, workers)
  }
  // What follows the accumulators.
  const logUp = values.map((words, index) => {
    const { accumulators = [], quotients = [] } = air.tables[index] ?? {}
    return words === null || quotients.length === 0 ? null : words.subarray(3 * accumulators.length * 2 ** (logHeights[index] ?? 0))
  })
  await workers.run(
    air.tables.flatMap((table, index) => {
      const out = logUp[index]
      const own = rows[index]
      return out === null || out === undefined || own === undefined ? [] : quotientTasks(table, own, challenges, out)
    }),
  )
  const totals = logUp.map((words) => (words === null ? null : allocateWords(3)))
  await workers.run(
    logUp.flatMap((terms, index): Task[] => {
      const out = totals[index]
      if (terms === null || out === null || out === undefined) return []
      const height = 2 ** (logHeights[index] ?? 0)
      return [{ task: 'sum', terms, columns: terms.length / (3 * height), height, out }]
    }),
  )
  const sums = totals.map((total): Extension => (total === null ? extension.zero : [total[0] ?? 0n, total[1] ?? 0n, total[2] ?? 0n]))
  await workers.run(
    logUp.flatMap((words, index): Task[] => {
      if (words === null) return []
      const height = 2 ** (logHeights[index] ?? 0)
      return [runningSumTask(words, height, sums[index] ?? extension.zero)]
    }),
  )
  return { values, sums }
}

function quotientTasks(table: Table, rows: TableRows, challenges: readonly Extension[], outputs: Words): Task[] {
  const { height } = rows
  const store = table.quotients.flatMap(({ numerator, denominator }) => [numerator, denominator])
  const program = compileProgram({ pool: table.pool, store, challenges })
  const sources = program.columns.flatMap((column) => rowSources(column, rows, table))
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerTask) {
    tasks.push({ task: 'runProgram', program, sources, height, from, count: Math.min(rowsPerTask, height - from), outputs, divide: true })
  }
  return tasks
}

/** The last column becomes the running sum of all quotients. */
function runningSumTask(words: Words, height: number, sum: Extension): Task {
  const columns = words.length / (3 * height)
  const sumPerRow = extension.scale(sum, base.inverse(BigInt(height)))
  return {
    task: 'runningSum',
    terms: words,
    columns,
    out: { words, from: 3 * (columns - 1) * height, count: 3 * height },
    height,
    sumPerRow,
  }
}
