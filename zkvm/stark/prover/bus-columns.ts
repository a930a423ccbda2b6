import type { Air } from '../../air/air.ts'
import { compileProgram, type ProgramColumn } from '../../air/compile.ts'
import type { Table } from '../../air/table.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'
import { allocateWords, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const rowsPerTask = 4096

/** The LogUp columns of each table (three arrays a column; null without interactions) and its sum. */
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
  await workers.run(
    air.tables.flatMap((table, index) => {
      const out = values[index]
      if (out === null || out === undefined) return []
      return quotientTasks(
        table,
        2 ** (logHeights[index] ?? 0),
        { fixed: fixed[index] ?? null, main: main[index] ?? null },
        challenges,
        out,
      )
    }),
  )
  const totals = values.map((words) => (words === null ? null : allocateWords(3)))
  await workers.run(
    values.flatMap((terms, index): Task[] => {
      const out = totals[index]
      if (terms === null || out === null || out === undefined) return []
      const height = 2 ** (logHeights[index] ?? 0)
      return [{ task: 'sum', terms, columns: terms.length / (3 * height), height, out }]
    }),
  )
  const sums = totals.map((total): Extension => (total === null ? extension.zero : [total[0] ?? 0n, total[1] ?? 0n, total[2] ?? 0n]))
  await workers.run(
    values.flatMap((words, index): Task[] => {
      if (words === null) return []
      const height = 2 ** (logHeights[index] ?? 0)
      return [runningSumTask(words, height, sums[index] ?? extension.zero)]
    }),
  )
  return { values, sums }
}

function quotientTasks(
  table: Table,
  height: number,
  values: { readonly fixed: Words | null; readonly main: Words | null },
  challenges: readonly Extension[],
  outputs: Words,
): Task[] {
  const store = table.quotients.flatMap(({ numerator, denominator }) => [numerator, denominator])
  const program = compileProgram({ pool: table.pool, store, challenges })
  const sources = program.columns.map((column) => sourceOf(column, height, values))
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerTask) {
    tasks.push({ task: 'runProgram', program, sources, height, from, count: Math.min(rowsPerTask, height - from), outputs, divide: true })
  }
  return tasks
}

function sourceOf(
  column: ProgramColumn,
  height: number,
  values: { readonly fixed: Words | null; readonly main: Words | null },
): { readonly words: Words; readonly from: number; readonly offset: number } {
  if (column.kind === 'selector') {
    if (column.selector === 'isTransition') throw new TypeError('isTransition is not boolean, so it is no multiplicity')
    const words = allocateWords(height)
    words[column.selector === 'isFirst' ? 0 : height - 1] = 1n
    return { words, from: 0, offset: 0 }
  }
  if (column.stage === 'aux') throw new TypeError('an interaction may only speak of fixed and main columns')
  const words = values[column.stage]
  if (words === null) throw new RangeError(`the table has no ${column.stage} columns`)
  return { words, from: column.index * height, offset: column.offset }
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
