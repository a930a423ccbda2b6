import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bytesOfElements, bytesOfExtensions } from './encoding.ts'
import { InvalidProofError } from './errors.ts'
import { defaultParameters } from './parameters.ts'
import type { Proof } from './proof.ts'
import { decodeProof, encodeProof } from './proof-codec.ts'
import { prove } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { fibonacciAir, fibonacciInstance } from './testing/fibonacci-air.ts'
import { mutatedBytes, mutatedProof, proofChanges, randomNumbers } from './testing/mutated-proofs.ts'
import { Transcript } from './transcript.ts'
import { flatValues, verify } from './verifier.ts'
import { type VerifyingKey, verifyingKeyDigest } from './verifying-key.ts'

// The lower table has sixteen columns to a pack. As many queries and as much work as make accidents rarer than the corpus is large.
const parameters = { ...defaultParameters, queries: 12, grindingBits: 8, maxLogFinalLength: 3, minLogHeight: 4 }
const instance = fibonacciInstance({ logHeight: 5, logRange: 9 })
const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

let key: VerifyingKey
let proof: Proof
let other: Proof

beforeAll(async () => {
  const provingKey = await ProvingKey.create({ air: fibonacciAir, parameters, fixed: instance.fixed, logHeights: [9], workers })
  key = provingKey.verifyingKey
  proof = await prove({ key: provingKey, publicValues: instance.publicValues, traces: instance.traces, workers })
  // The same statement with other numbers in the column that is only shown to be small.
  const [sequence, range] = fibonacciInstance({ logHeight: 5, logRange: 9 }).traces
  const height = 2 ** 5
  const [from = 0n, to = 0n] = [sequence.main[2 * height], (sequence.main[2 * height] ?? 0n) ^ 1n]
  sequence.main[2 * height] = to
  range.main[Number(from)] = (range.main[Number(from)] ?? 0n) - 1n
  range.main[Number(to)] = (range.main[Number(to)] ?? 0n) + 1n
  other = await prove({ key: provingKey, publicValues: instance.publicValues, traces: [sequence, range], workers })
})

/** Undefined where it is refused as it must be. */
function complaint(check: () => void): unknown {
  try {
    check()
    return 'accepted'
  } catch (error) {
    return error instanceof InvalidProofError ? undefined : error
  }
}

describe('the verifier', () => {
  it('accepts both proofs that are mutated here', () => {
    expect(() => verify(key, instance.publicValues, proof)).not.toThrow()
    expect(() => verify(key, instance.publicValues, other)).not.toThrow()
  })

  it.each(Object.keys(proofChanges))('refuses proofs with a change of: %s', (change) => {
    let refused = 0
    for (let seed = 0; seed < 150; seed++) {
      const mutated = mutatedProof(change, proof, other, randomNumbers(seed))
      if (isDeepStrictEqual(mutated, proof) || isDeepStrictEqual(mutated, other)) continue
      expect(
        complaint(() => verify(key, instance.publicValues, mutated)),
        `seed ${seed}`,
      ).toBeUndefined()
      refused++
    }
    expect(refused).toBeGreaterThan(0)
  })

  it('refuses bytes that are not quite a proof, at once and without much memory', () => {
    const encoded = encodeProof(proof)
    for (let seed = 0; seed < 600; seed++) {
      const mutated = mutatedBytes(encoded, randomNumbers(seed))
      if (Buffer.compare(mutated, encoded) === 0) continue
      expect(
        complaint(() => verify(key, instance.publicValues, decodeProof(mutated, key))),
        `seed ${seed}`,
      ).toBeUndefined()
    }
  })

  it('refuses bytes that promise long lists', () => {
    for (const fill of [0, 1, 4, 9, 0x7f, 0xff]) {
      for (const length of [0, 1, 3, 100, 5000]) {
        const bytes = new Uint8Array(length).fill(fill)
        expect(complaint(() => verify(key, instance.publicValues, decodeProof(bytes, key)))).toBeUndefined()
        if (length < 3) continue
        bytes.set([1, 9, 4])
        expect(complaint(() => verify(key, instance.publicValues, decodeProof(bytes, key)))).toBeUndefined()
      }
    }
  })
})

describe('the verifier’s transcript', () => {
  it('takes every message before it draws what must depend on it', () => {
    const events: string[] = []
    const { absorb, extension, pointOutsideBase, distinctIndices } = Transcript.prototype
    const spies = [
      vi.spyOn(Transcript.prototype, 'absorb').mockImplementation(function (this: Transcript, message) {
        events.push(Buffer.from(message).toString('hex'))
        absorb.call(this, message)
      }),
      vi.spyOn(Transcript.prototype, 'extension').mockImplementation(function (this: Transcript) {
        events.push('challenge')
        return extension.call(this)
      }),
      vi.spyOn(Transcript.prototype, 'pointOutsideBase').mockImplementation(function (this: Transcript, power) {
        const point = pointOutsideBase.call(this, power)
        // It draws until a point is outside, which the first one is but for a chance of 2^−128.
        events.splice(-1, 1, 'point')
        return point
      }),
      vi.spyOn(Transcript.prototype, 'distinctIndices').mockImplementation(function (this: Transcript, count, bound) {
        events.push(`${count} positions`)
        return distinctIndices.call(this, count, bound)
      }),
    ]
    try {
      verify(key, instance.publicValues, proof)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    const busChallenges = events.slice(events.indexOf(hex(proof.mainRoot)) + 1, events.indexOf(hex(proof.auxRoot)))
    expect(new Set(busChallenges)).toEqual(new Set(['challenge']))
    expect(events).toEqual([
      hex(verifyingKeyDigest(key, 9)),
      hex(bytesOfElements(instance.publicValues)),
      hex(Uint8Array.from(proof.logHeights)),
      hex(proof.mainRoot),
      ...busChallenges,
      hex(proof.auxRoot),
      hex(bytesOfExtensions(proof.sums)),
      'challenge',
      hex(proof.quotientRoot),
      'point',
      hex(bytesOfExtensions(flatValues(proof))),
      'challenge',
      ...proof.foldRoots.flatMap((root) => [hex(root), 'challenge']),
      hex(bytesOfExtensions(proof.finalPolynomial)),
      hex(bytesOfElements([proof.nonce])),
      '12 positions',
    ])
  })
})
