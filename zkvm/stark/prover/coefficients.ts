import { allocateWords, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

function copyOf(values: BigUint64Array): Words {
  const words = allocateWords(values.length)
  words.set(values)
  return words
}

/** The same values where threads share them: themselves, if they are in shared memory. */
export function shared(values: BigUint64Array): Words {
  const { buffer, byteOffset, length } = values
  return buffer instanceof SharedArrayBuffer ? new BigUint64Array(buffer, byteOffset, length) : copyOf(values)
}

/** Interpolates all columns of each table; the values stay as they are. */
export async function coefficientsOf(
  values: readonly (Words | null)[],
  logHeights: readonly number[],
  workers: ProverWorkers,
): Promise<(Words | null)[]> {
  const coefficients = values.map((words) => (words === null ? null : copyOf(words)))
  await interpolate(coefficients, logHeights, workers)
  return coefficients
}

/** Turns values into coefficients, where they are. */
export async function interpolate(values: readonly (Words | null)[], logHeights: readonly number[], workers: ProverWorkers): Promise<void> {
  const tasks = values.flatMap((words, table): Task[] => {
    if (words === null) return []
    const log = logHeights[table] ?? 0
    const columns = Array.from({ length: words.length / 2 ** log }, (_, index) => index)
    return columns.map((column) => ({ task: 'interpolate', words, log, columns: [column], shift: 1n }))
  })
  await workers.run(tasks)
}
