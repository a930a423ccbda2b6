import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import { allocateWords } from '../../kernels/words.ts'
import type { BindingPoint } from '../header.ts'
import type { Layout } from '../layout.ts'
import type { StageCoefficients } from './commitment.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** Σ challenge^i · F_i(point) over the groups of main columns: what a header says of a segment that is not alone. */
export async function bindingValue({
  layout,
  main,
  binding: { challenge, point },
  workers,
}: {
  readonly layout: Layout
  readonly main: StageCoefficients
  readonly binding: BindingPoint
  readonly workers: ProverWorkers
}): Promise<Extension> {
  const groups = layout.groups.main
  const out = allocateWords(3 * groups.reduce((sum, { columns }) => sum + columns.length, 0))
  const tasks: Task[] = []
  for (const { logPack, columns } of groups) {
    // F_i is Σ_j X^j · f_j(X^t).
    const points = BigUint64Array.from(extension.power(point, 1n << BigInt(logPack)))
    for (const { table, index } of columns) {
      const coefficients = main[table]
      if (coefficients === null || coefficients === undefined) throw new RangeError(`table ${table} has no main columns`)
      tasks.push({ task: 'evaluate', coefficients, log: layout.logHeights[table] ?? 0, column: index, points, out, at: 3 * tasks.length })
    }
  }
  await workers.run(tasks)
  let at = 0
  const values = groups.map(({ columns }) => {
    const own = columns.map((_, column): Extension => {
      const from = at + 3 * column
      return [out[from] ?? 0n, out[from + 1] ?? 0n, out[from + 2] ?? 0n]
    })
    at += 3 * columns.length
    return atPowersOf(point, own)
  })
  return atPowersOf(challenge, values)
}

function atPowersOf(x: Extension, coefficients: readonly Extension[]): Extension {
  return coefficients.reduceRight((sum, c) => extension.add(extension.mul(sum, x), c), extension.zero)
}
