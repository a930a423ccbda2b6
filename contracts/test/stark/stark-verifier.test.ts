import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProverWorkers } from '../../../zkvm/stark/prover/workers.ts'
import { deployVerifier, proveFibonacci, verdictOfTypeScript } from '../../testing/stark-fixture.ts'
import { createL1, type L1 } from '../l1-fixture.ts'

const workers = new ProverWorkers({ threads: 0 })
let l1: L1

beforeAll(async () => {
  l1 = await createL1()
})
afterAll(() => workers.close())

describe('a valid proof', () => {
  it.each([
    [5, 5],
    [6, 4],
    [9, 4],
    [4, 9],
    [10, 6],
  ])('of tables of 2^%d and 2^%d rows is accepted by both verifiers', async (logHeight, logRange) => {
    const proof = await proveFibonacci({ logHeight, logRange }, workers)
    expect(verdictOfTypeScript(proof)).toBe('accepted')
    const { judge } = await deployVerifier(l1, proof.key)
    expect((await judge(proof)).verdict).toBe('accepted')
  })
})
