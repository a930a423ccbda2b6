import { describe, expect, it } from 'vitest'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { randomBatch } from './random-batch.ts'
import { runGuestOnEach } from './run.ts'

const count = 30

describe.skipIf(!hasCompiler())(`a random batch in the guest${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it('has the digest that the TypeScript backend gives it', { timeout: 240_000 }, async () => {
    const seeds = Array.from({ length: count }, (_, seed) => seed + 1)
    const batches = []
    for (const seed of seeds) batches.push({ seed, ...(await randomBatch(seed)) })
    const runs = runGuestOnEach(batches.map(({ input }) => input))
    expect(runs.map((run, index) => ({ seed: seeds[index], ...run }))).toEqual(batches.map(({ seed, digest }) => ({ seed, digest })))
    expect(batches.reduce((sum, { transactions }) => sum + transactions, 0)).toBeGreaterThan(2 * count)
  })
})
