import { afterAll, describe, expect, it } from 'vitest'
import { availableKernels } from '../kernels/load.ts'
import { InvalidProofError } from './errors.ts'
import { defaultParameters, type StarkParameters } from './parameters.ts'
import { decodeProof, encodeProof } from './proof-codec.ts'
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
    const encoded = encodeProof(proof)
    expect(decodeProof(encoded, key)).toEqual(proof)
  })

  it('does not verify with any byte changed, cut or added', async () => {
    const { key, proof, publicValues } = await proveFibonacci(5, 4, quick)
    const encoded = encodeProof(proof)
    const isAccepted = (bytes: Uint8Array): boolean => {
      try {
        verify(key, publicValues, decodeProof(bytes, key))
        return true
      } catch (error) {
        if (error instanceof InvalidProofError) return false
        throw error
      }
    }
    expect(isAccepted(encoded)).toBe(true)
    for (let at = 0; at < encoded.length; at += 3) {
      const changed = encoded.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      expect(isAccepted(changed), `byte ${at}`).toBe(false)
    }
    for (let length = 0; length < encoded.length; length += 997) expect(isAccepted(encoded.subarray(0, length))).toBe(false)
    expect(isAccepted(new Uint8Array([...encoded, 0]))).toBe(false)
  }, 120_000)

  it.each([
    ['a constraint', { cell: 3, value: 99n }, 'constraints'],
    ['a bus', { cell: 2 * 32 + 5, value: 9n }, 'bus-balance'],
  ] as const)('of a trace that violates %s does not verify', async (_, { cell, value }, check) => {
    const instance = fibonacciInstance({ logHeight: 5, logRange: 4 })
    instance.traces[0].main[cell] = value
    const key = await ProvingKey.create({ air: fibonacciAir, parameters: quick, fixed: instance.fixed, logHeights: [5], workers })
    const proof = await prove({ key, publicValues: instance.publicValues, traces: instance.traces, workers })
    expect(() => verify(key.verifyingKey, instance.publicValues, proof)).toThrow(expect.objectContaining({ check }))
  })

  it('has the same bytes for any number of threads and any kernels', async () => {
    const instance = fibonacciInstance({ logHeight: 9, logRange: 4 })
    const provenBy = async (pool: ProverWorkers): Promise<Uint8Array> => {
      const key = await ProvingKey.create({ air: fibonacciAir, parameters: quick, fixed: instance.fixed, logHeights: [9], workers: pool })
      return encodeProof(await prove({ key, publicValues: instance.publicValues, traces: instance.traces, workers: pool }))
    }
    const expected = await provenBy(workers)
    const pools = [new ProverWorkers({ threads: 2 }), ...availableKernels().map((kernels) => new ProverWorkers({ threads: 0, kernels }))]
    for (const pool of pools) {
      try {
        expect(await provenBy(pool), pool.kernels).toEqual(expected)
      } finally {
        await pool.close()
      }
    }
  })
})
