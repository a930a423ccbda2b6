import { InvalidProofError } from './errors.ts'
import { type Layout, layOut } from './layout.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** The layout of a proof of these heights, if the key allows them. */
export function checkedLayout({ air, parameters, fixedLogHeights, fixedRoots }: VerifyingKey, logHeights: readonly number[]): Layout {
  const { minLogHeight, maxLogHeight, maxLogPack } = parameters
  const refuse = (reason: string): never => {
    throw new InvalidProofError('heights', reason)
  }
  if (logHeights.length !== air.tables.length) refuse(`it has ${logHeights.length} tables in place of ${air.tables.length}`)
  const tallest = Math.max(...logHeights)
  logHeights.forEach((log, index) => {
    const { name = '', logPeriod = 0 } = air.tables[index] ?? {}
    if (!Number.isInteger(log) || log > maxLogHeight || log < Math.max(1, logPeriod)) refuse(`the table ${name} has 2^${log} rows`)
    if (tallest - log > maxLogPack) refuse(`the table ${name} is too low for the others`)
    const fixed = fixedLogHeights[index] ?? null
    if (fixed !== null && fixed !== log) refuse(`the table ${name} has 2^${log} rows in place of 2^${fixed}`)
  })
  if (tallest < minLogHeight) refuse(`the tallest table has 2^${tallest} rows`)
  const layout = layOut(air, logHeights, parameters)
  if (layout.groups.fixed.length > 0 && !fixedRoots.has(tallest)) refuse(`there is no key for 2^${tallest} rows`)
  return layout
}
