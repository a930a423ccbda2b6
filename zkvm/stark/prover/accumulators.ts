import { compileProgram } from '../../air/compile.ts'
import type { Table } from '../../air/table.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import type { Words } from '../../kernels/words.ts'
import { rowSources, type TableRows } from './row-sources.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const rowsPerTask = 4096

/** Fills a table's accumulators: the first columns of `rows.aux`. */
export async function fillAccumulators(
  table: Table,
  rows: TableRows,
  challenges: readonly Extension[],
  workers: ProverWorkers,
): Promise<void> {
  const { height, aux } = rows
  if (table.accumulators.length === 0 || aux === null) return
  const store = table.accumulators.flatMap(({ keep, term }) => [keep, term])
  const program = compileProgram({ pool: table.pool, store, challenges })
  const sources = program.columns.flatMap((column) => rowSources(column, rows, table))
  const outputs = workers.workspace(3 * store.length * height)
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerTask) {
    tasks.push({ task: 'runProgram', program, sources, height, from, count: Math.min(rowsPerTask, height - from), outputs })
  }
  await workers.run(tasks)
  table.accumulators.forEach((_, index) => {
    const size = 3 * height
    const keep = outputs.subarray(2 * index * size, (2 * index + 1) * size)
    const term = outputs.subarray((2 * index + 1) * size, (2 * index + 2) * size)
    accumulate(aux.subarray(index * size, (index + 1) * size), keep, term, height)
  })
}

/** next = keep·this + term, cyclically; three arrays of `height` each. */
function accumulate(out: Words, keep: Words, term: Words, height: number): void {
  let value = extension.zero
  for (let row = 0; row < height; row++) {
    set(out, row, height, value)
    value = step(value, row, keep, term, height)
  }
  // What the last row leads to is the first row's, and goes on until the column begins anew.
  for (let row = 0; row < height && !extension.equals(value, at(out, row, height)); row++) {
    set(out, row, height, value)
    value = step(value, row, keep, term, height)
  }
}

function step(value: Extension, row: number, keep: Words, term: Words, height: number): Extension {
  const factor = at(keep, row, height)
  const added = at(term, row, height)
  if (extension.equals(factor, extension.zero)) return added
  if (extension.equals(factor, extension.one)) return extension.add(value, added)
  return extension.add(extension.mul(factor, value), added)
}

function at(words: Words, row: number, height: number): Extension {
  return [words[row] ?? 0n, words[height + row] ?? 0n, words[2 * height + row] ?? 0n]
}

function set(words: Words, row: number, height: number, value: Extension): void {
  for (const [c, coordinate] of value.entries()) words[c * height + row] = coordinate
}
