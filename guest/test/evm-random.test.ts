import { describe, expect, it } from 'vitest'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { compareSeeds } from '../fuzz/differential.ts'

const first = 1
const count = 200

/** Seeds with which the guest and the library once differed, or that reach what few seeds do. */
const known: readonly number[] = []

describe.skipIf(!hasCompiler())(`the guest's EVM${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it('agrees with the library on random programs: status, gas, logs, state', { timeout: 120_000 }, async () => {
    const seeds = Array.from({ length: count }, (_, i) => first + i)
    const { compared, succeeded, differences } = await compareSeeds([...seeds, ...known])
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(0.8 * count)
    expect(succeeded).toBeGreaterThan(count / 6)
  })
})
