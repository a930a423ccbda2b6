import type { Air } from '../../air/air.ts'
import { compileProgram } from '../../air/compile.ts'
import type { Table } from '../../air/table.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { fillAccumulators } from './accumulators.ts'
import { periodicWords, rowSources, type TableRows } from './row-sources.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const rowsPerTask = 4096

/** The accumulators and LogUp columns of each table (three arrays a column; null without any) and its LogUp sum. Memory is the workers'. */
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
    table.auxCount === 0 ? null : workers.memory.take(3 * table.auxCount * 2 ** (logHeights[index] ?? 0)),
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
  // The last column has the sums of the rows; it becomes the running sum.
  const last = logUp.map((words, index) => {
    const count = 3 * 2 ** (logHeights[index] ?? 0)
    return words === null ? null : { terms: { words, from: words.length - count, count }, out: allocateWords(3) }
  })
  const present = last.filter((column) => column !== null)
  await workers.run(present.map((column): Task => ({ task: 'sum', ...column })))
  const sums = last.map(
    (column): Extension => (column === null ? extension.zero : [column.out[0] ?? 0n, column.out[1] ?? 0n, column.out[2] ?? 0n]),
  )
  await workers.run(
    last.flatMap((column, index): Task[] => {
      if (column === null) return []
      const step = extension.scale(sums[index] ?? extension.zero, base.inverse(1n << BigInt(logHeights[index] ?? 0)))
      return [{ task: 'runningSum', terms: column.terms, step }]
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
