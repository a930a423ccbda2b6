import { allocateWords, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** A copy that threads share. */
export function shared(values: BigUint64Array): Words {
  const words = allocateWords(values.length)
  words.set(values)
  return words
}

/** Interpolates all columns of each table; the values stay as they are. */
export async function coefficientsOf(
  values: readonly (Words | null)[],
  logHeights: readonly number[],
  workers: ProverWorkers,
): Promise<(Words | null)[]> {
  const coefficients = values.map((words) => (words === null ? null : shared(words)))
  const tasks = coefficients.flatMap((words, table): Task[] => {
    if (words === null) return []
    const log = logHeights[table] ?? 0
    const columns = Array.from({ length: words.length / 2 ** log }, (_, index) => index)
    return columns.map((column) => ({ task: 'interpolate', words, log, columns: [column], shift: 1n }))
  })
  await workers.run(tasks)
  return coefficients
}
