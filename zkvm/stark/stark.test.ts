import { afterAll, describe, expect, it } from 'vitest'
import { defaultParameters, type StarkParameters } from './parameters.ts'
import { prove } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { fibonacciAir, fibonacciInstance } from './testing/fibonacci-air.ts'
import { verify } from './verifier.ts'

const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

const quick: StarkParameters = { ...defaultParameters, queries: 10, grindingBits: 4, maxLogFinalLength: 3, minLogHeight: 4 }

async function proveFibonacci(logHeight: number, logRange: number, parameters: StarkParameters) {
  const instance = fibonacciInstance({ logHeight, logRange })
  const key = await ProvingKey.create({
    air: fibonacciAir,
    parameters,
    fixed: instance.fixed,
    logHeights: [Math.max(logHeight, logRange)],
    workers,
  })
  const proof = await prove({ key, publicValues: instance.publicValues, traces: instance.traces, workers })
  return { key: key.verifyingKey, proof, ...instance }
}

describe('a proof', () => {
  it.each([
    [5, 5],
    [6, 4],
    [9, 4],
    [4, 9],
  ])('of tables of 2^%d and 2^%d rows verifies', async (logHeight, logRange) => {
    const { key, proof, publicValues } = await proveFibonacci(logHeight, logRange, quick)
    expect(() => verify(key, publicValues, proof)).not.toThrow()
  })
})
