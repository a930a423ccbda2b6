import { allocateWords, isShared, type Words } from '../../kernels/words.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

function copyOf(values: BigUint64Array): Words {
  const words = allocateWords(values.length)
  words.set(values)
  return words
}

/** The same values where threads share them: themselves, if they are in shared memory. */
export function shared(values: BigUint64Array): Words {
  return isShared(values) ? values : copyOf(values)
}

/** Interpolates all columns of each table; the values stay as they are. Memory is the workers'. */
export async function coefficientsOf(
  values: readonly (Words | null)[],
  logHeights: readonly number[],
  workers: ProverWorkers,
): Promise<(Words | null)[]> {
  const coefficients = values.map((words) => (words === null ? null : workers.memory.take(words.length)))
  await workers.run(values.flatMap((words, table) => columnTasks(words, coefficients[table] ?? null, logHeights[table] ?? 0)))
  return coefficients
}

/** Turns values into coefficients, where they are. */
export async function interpolate(values: readonly (Words | null)[], logHeights: readonly number[], workers: ProverWorkers): Promise<void> {
  await workers.run(values.flatMap((words, table) => columnTasks(words, words, logHeights[table] ?? 0)))
}

function columnTasks(words: Words | null, out: Words | null, log: number): Task[] {
  if (words === null || out === null) return []
  const columns = Array.from({ length: words.length / 2 ** log }, (_, index) => index)
  return columns.map((column) => ({ task: 'interpolate', words, out, log, columns: [column], shift: 1n }))
}
