import { describe, expect, it } from 'vitest'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { runStateCases } from './evm-state.ts'
import { runInLibrary } from './library-execution.ts'
import { randomCase } from './random-case.ts'
import { guestStatus } from './run.ts'

const first = 1
const count = 200

describe.skipIf(!hasCompiler())(`the guest's EVM${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it('agrees with the library on random programs: status, gas, logs, state', { timeout: 120_000 }, async () => {
    const seeds = Array.from({ length: count }, (_, i) => first + i)
    const outcomes = runStateCases(seeds.map(randomCase))
    let compared = 0
    for (const [i, seed] of seeds.entries()) {
      // A program that happens upon a precompile that this build lacks.
      if (outcomes[i]?.status === guestStatus.unsupported) continue
      expect({ seed, ...outcomes[i] }).toEqual({ seed, ...(await runInLibrary(randomCase(seed))) })
      compared++
    }
    expect(compared).toBeGreaterThan(0.95 * count)
    expect(outcomes.filter(({ succeeded }) => succeeded).length).toBeGreaterThan(count / 5)
  })
})
