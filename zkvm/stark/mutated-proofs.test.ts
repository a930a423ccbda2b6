import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bytesOfElements, bytesOfExtensions } from './encoding.ts'
import { InvalidProofError } from './errors.ts'
import { drawRunChallenges } from './header.ts'
import { defaultParameters } from './parameters.ts'
import type { Proof } from './proof.ts'
import { decodeProof, encodeProof } from './proof-codec.ts'
import { prove, proveRun } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { chainAir, chainInstance } from './testing/chain-air.ts'
import { fibonacciAir, fibonacciInstance } from './testing/fibonacci-air.ts'
import { changeNames, mutatedBytes, mutatedProof, randomNumbers } from './testing/mutated-proofs.ts'
import { Transcript } from './transcript.ts'
import { flatValues, verify } from './verifier.ts'
import { type VerifyingKey, verifyingKeyDigest } from './verifying-key.ts'

// The lower tables have sixteen columns to a pack. As many queries and as much work as make accidents rarer than the corpus is large.
const parameters = { ...defaultParameters, queries: 12, grindingBits: 8, maxLogFinalLength: 3, minLogHeight: 4 }
const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

interface Corpus {
  readonly key: VerifyingKey
  readonly publicValues: readonly bigint[]
  readonly proof: Proof
  /** Of the same statement with other numbers in the column that is only shown to be small. */
  readonly other: Proof
}

async function oneSegment(): Promise<Corpus> {
  const { fixed, publicValues, traces } = fibonacciInstance({ logHeight: 5, logRange: 9 })
  const key = await ProvingKey.create({ air: fibonacciAir, parameters, fixed, logHeights: [9], workers })
  const proof = await prove({ key, publicValues, traces, workers })
  const [sequence, range] = fibonacciInstance({ logHeight: 5, logRange: 9 }).traces
  const height = 2 ** 5
  const [from = 0n, to = 0n] = [sequence.main[2 * height], (sequence.main[2 * height] ?? 0n) ^ 1n]
  sequence.main[2 * height] = to
  range.main[Number(from)] = (range.main[Number(from)] ?? 0n) - 1n
  range.main[Number(to)] = (range.main[Number(to)] ?? 0n) + 1n
  const other = await prove({ key, publicValues, traces: [sequence, range], workers })
  return { key: key.verifyingKey, publicValues, proof, other }
}

async function threeSegments(): Promise<Corpus> {
  const proofOf = async (seed: number) => {
    const { fixed, publicValues, traces } = chainInstance({ logHeights: [9, 9, 5], logRange: 6, seed })
    const key = await ProvingKey.create({ air: chainAir, parameters, fixed, logHeights: [6, 9], workers })
    const run = { count: traces.length, traces: (index: number) => traces[index] ?? [] }
    return { key: key.verifyingKey, publicValues, proof: await proveRun({ key, publicValues, run, workers }) }
  }
  const { proof: other } = await proofOf(11)
  return { ...(await proofOf(7)), other }
}

/** Undefined where it is refused as it must be. */
function complaint(check: () => void): unknown {
  try {
    check()
    return 'accepted'
  } catch (error) {
    return error instanceof InvalidProofError ? undefined : error
  }
}

describe.each([
  ['one segment', oneSegment, 150],
  ['three segments', threeSegments, 50],
] as const)('the verifier of a proof of %s', (_, corpus, mutations) => {
  let key: VerifyingKey
  let publicValues: readonly bigint[]
  let proof: Proof
  let other: Proof

  beforeAll(async () => {
    ;({ key, publicValues, proof, other } = await corpus())
  })

  it('accepts both proofs that are mutated here', () => {
    expect(() => verify(key, publicValues, proof)).not.toThrow()
    expect(() => verify(key, publicValues, other)).not.toThrow()
  })

  it.each(changeNames)('refuses proofs with a change of: %s', (change) => {
    let refused = 0
    for (let seed = 0; seed < mutations; seed++) {
      const mutated = mutatedProof(change, proof, other, randomNumbers(seed))
      if (isDeepStrictEqual(mutated, proof) || isDeepStrictEqual(mutated, other)) continue
      expect(
        complaint(() => verify(key, publicValues, mutated)),
        `seed ${seed}`,
      ).toBeUndefined()
      refused++
    }
    // With one segment there is no order of segments.
    const isOrder = change.includes('order') || change === 'segments that are not those of the header'
    if (proof.segments.length > 1 || !isOrder) expect(refused).toBeGreaterThan(0)
  })

  it('refuses bytes that are not quite a proof, at once and without much memory', () => {
    const encoded = encodeProof(proof)
    for (let seed = 0; seed < 4 * mutations; seed++) {
      const mutated = mutatedBytes(encoded, randomNumbers(seed))
      if (Buffer.compare(mutated, encoded) === 0) continue
      expect(
        complaint(() => verify(key, publicValues, decodeProof(mutated, key))),
        `seed ${seed}`,
      ).toBeUndefined()
    }
  })

  it('refuses bytes that promise long lists', () => {
    for (const fill of [0, 1, 4, 9, 0x7f, 0xff]) {
      for (const length of [0, 1, 3, 100, 5000]) {
        const bytes = new Uint8Array(length).fill(fill)
        expect(complaint(() => verify(key, publicValues, decodeProof(bytes, key)))).toBeUndefined()
        if (length < 3) continue
        bytes.set([1, 9, 4])
        expect(complaint(() => verify(key, publicValues, decodeProof(bytes, key)))).toBeUndefined()
      }
    }
  })
})

describe('the verifier’s transcript', () => {
  it('takes every message before it draws what must depend on it, and those of all segments before what they share', async () => {
    const { key, publicValues, proof } = await threeSegments()
    const events: string[] = []
    const transcripts = new Map<Transcript, number>()
    const note = (transcript: Transcript, event: string): void => {
      if (!transcripts.has(transcript)) transcripts.set(transcript, transcripts.size)
      events.push(`${transcripts.get(transcript)}: ${event}`)
    }
    const { absorb, extension, pointOutsideBase, distinctIndices } = Transcript.prototype
    const spies = [
      vi.spyOn(Transcript.prototype, 'absorb').mockImplementation(function (this: Transcript, message) {
        note(this, Buffer.from(message).toString('hex'))
        absorb.call(this, message)
      }),
      vi.spyOn(Transcript.prototype, 'extension').mockImplementation(function (this: Transcript) {
        note(this, 'challenge')
        return extension.call(this)
      }),
      vi.spyOn(Transcript.prototype, 'pointOutsideBase').mockImplementation(function (this: Transcript, power) {
        const point = pointOutsideBase.call(this, power)
        // It draws until a point is outside, which the first one is but for a chance of 2^−128.
        events.pop()
        note(this, 'point')
        return point
      }),
      vi.spyOn(Transcript.prototype, 'distinctIndices').mockImplementation(function (this: Transcript, count, bound) {
        note(this, `${count} positions`)
        return distinctIndices.call(this, count, bound)
      }),
    ]
    try {
      verify(key, publicValues, proof)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    const hex = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex')
    const commitments = proof.headers.map(({ logHeights, mainRoot }) =>
      hex(verifyingKeyDigest(key, Math.max(...logHeights)), Uint8Array.from(logHeights), mainRoot),
    )
    const header = [
      hex(bytesOfElements(publicValues)),
      hex(bytesOfElements([3n])),
      ...proof.headers.map(({ binding }, index) => commitments[index] + hex(bytesOfExtensions(binding === null ? [] : [binding]))),
      // α, β, τ and δ.
      ...Array.from({ length: 4 }, () => 'challenge'),
    ]
    const { state } = drawRunChallenges(key, publicValues, proof.headers)
    const segments = proof.segments.flatMap((segment, index) => {
      const own = 1 + 2 * index
      return [
        ...[
          hex(state),
          hex(bytesOfElements([BigInt(index)])),
          hex(segment.auxRoot),
          hex(bytesOfExtensions(segment.sums)),
          'challenge',
          hex(segment.quotientRoot),
          'point',
          hex(bytesOfExtensions(flatValues(segment))),
          'challenge',
          ...segment.foldRoots.flatMap((root) => [hex(root), 'challenge']),
          hex(bytesOfExtensions(segment.finalPolynomial)),
          hex(bytesOfElements([segment.nonce])),
          '12 positions',
        ].map((event) => `${own}: ${event}`),
        // The binding's point depends on the segment's commitment, and on nothing else.
        ...[commitments[index], 'challenge', 'point'].map((event) => `${own + 1}: ${event}`),
      ]
    })
    expect(events).toEqual([...header.map((event) => `0: ${event}`), ...segments])
  })
})
