import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runImbalances } from '../air/check.ts'
import * as extension from '../field/extension.ts'
import { toElement } from '../field/goldilocks.ts'
import { InvalidProofError } from './errors.ts'
import { defaultParameters, maxSegments } from './parameters.ts'
import type { Proof, SegmentHeader } from './proof.ts'
import { decodeHeaders, decodeProof, decodeSegment, encodeHeaders, encodeProof, encodeSegment } from './proof-codec.ts'
import { proveRun } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { type ChainInstance, chainAir, chainInstance } from './testing/chain-air.ts'
import { checkBalance, checkHeader, verify, verifySegment } from './verifier.ts'
import type { VerifyingKey } from './verifying-key.ts'

const parameters = { ...defaultParameters, queries: 10, grindingBits: 4, maxLogFinalLength: 3, minLogHeight: 4 }
const logRange = 6
const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

interface ProvenChain {
  readonly key: VerifyingKey
  readonly publicValues: readonly bigint[]
  readonly proof: Proof
}

async function proveChain({ fixed, publicValues, traces }: ChainInstance): Promise<ProvenChain> {
  const key = await ProvingKey.create({ air: chainAir, parameters, fixed, logHeights: [], workers })
  const run = { count: traces.length, traces: (index: number) => traces[index] ?? [] }
  return { key: key.verifyingKey, publicValues, proof: await proveRun({ key, publicValues, run, workers }) }
}

function refusalOf(check: () => unknown): string {
  try {
    check()
    return 'accepted'
  } catch (error) {
    if (error instanceof InvalidProofError) return error.check
    throw error
  }
}

const isRefused = ({ key, publicValues, proof }: ProvenChain): string => refusalOf(() => verify(key, publicValues, proof))

/** A sum, less what makes it wrong. */
function changedTrace(instance: ChainInstance, segment: number, cell: number, delta: bigint): ChainInstance {
  const main = instance.traces[segment]?.[0].main ?? new BigUint64Array()
  main[cell] = toElement((main[cell] ?? 0n) + delta)
  return instance
}

describe('a proof in segments', () => {
  it.each([[[5]], [[9, 4]], [[4, 5, 6]], [[7, 7, 7, 7]]])(
    'of tables of 2^%j rows verifies, and is the same after it was written and read',
    async (logHeights) => {
      const chain = await proveChain(chainInstance({ logHeights, logRange }))
      expect(isRefused(chain)).toBe('accepted')
      const { key, proof } = chain
      expect(decodeProof(encodeProof(proof), key)).toEqual(proof)
      expect(proof.headers.every(({ binding }) => (binding === null) === (logHeights.length === 1))).toBe(true)
    },
  )

  it('balances only with all of its segments', () => {
    const { fixed, publicValues, traces } = chainInstance({ logHeights: [5, 5, 4], logRange })
    const values = traces.map((tables, segment) =>
      tables.map((trace, table) => ({ ...trace, segment, fixed: fixed[table]?.values ?? new BigUint64Array() })),
    )
    expect(runImbalances(chainAir, values, publicValues)).toEqual([])
    expect(runImbalances(chainAir, values.slice(0, 2), publicValues).map(({ bus, excess }) => [bus, excess])).toEqual([
      ['link', 1n],
      ['link', toElement(-1n)],
    ])
    // A lookup that another segment would have answered.
    const [first, second] = [values[0]?.[1], values[1]?.[1]]
    if (first === undefined || second === undefined) throw new RangeError('there are two segments')
    first.main[7] = (first.main[7] ?? 0n) + 1n
    second.main[7] = (second.main[7] ?? 0n) - 1n
    expect(runImbalances(chainAir, values, publicValues).map(({ bus, segment }) => [bus, segment])).toEqual([
      ['small', 0],
      ['small', 1],
    ])
  })

  it.each<[string, (instance: ChainInstance) => ChainInstance, string]>([
    ['a constraint of one segment does not hold', (instance) => changedTrace(instance, 1, 5, 1n), 'constraints'],
    [
      'one segment goes on from another number',
      (instance) => {
        const [first, , last] = instance.traces
        const [other] = chainInstance({ logHeights: [5], logRange }).traces
        if (first === undefined || other === undefined || last === undefined) throw new RangeError('there are three segments')
        return { ...instance, traces: [first, other, last] }
      },
      'bus-balance',
    ],
    [
      'a segment looks up what only another has counted',
      (instance) => {
        const [first, second] = instance.traces
        if (first === undefined || second === undefined) throw new RangeError('there are two segments')
        first[1].main[7] = (first[1].main[7] ?? 0n) + 1n
        second[1].main[7] = (second[1].main[7] ?? 0n) - 1n
        return instance
      },
      'bus-balance',
    ],
    [
      'there is said to be a segment more',
      ({ publicValues, ...instance }) => ({ ...instance, publicValues: publicValues.with(2, 4n) }),
      'bus-balance',
    ],
  ])('is refused where %s', async (_, forge, check) => {
    expect(isRefused(await proveChain(forge(chainInstance({ logHeights: [5, 5, 4], logRange }))))).toBe(check)
  })
})

describe('the parts of a proof in segments', () => {
  let chain: ProvenChain
  beforeAll(async () => {
    chain = await proveChain(chainInstance({ logHeights: [5, 5, 4], logRange }))
  })

  const withHeaders = (change: (headers: readonly SegmentHeader[]) => readonly SegmentHeader[]): string =>
    isRefused({ ...chain, proof: { ...chain.proof, headers: change(chain.proof.headers) } })

  it('are verified one by one, given the header alone, in any order', () => {
    const { key, publicValues, proof } = chain
    const header = checkHeader(key, publicValues, decodeHeaders(encodeHeaders(proof.headers), chainAir))
    const sums = [2, 0, 1].map((index) => {
      const [own, segment] = [proof.headers[index], proof.segments[index]]
      if (own === undefined || segment === undefined) throw new RangeError('there are three segments')
      return verifySegment(header, index, decodeSegment(encodeSegment(segment), key, own)).sum
    })
    expect(refusalOf(() => checkBalance(header, sums))).toBe('accepted')
    expect(sums.every((sum) => !extension.equals(sum, extension.zero))).toBe(true)
    expect(refusalOf(() => checkBalance(header, sums.slice(1)))).toBe('bus-balance')
    expect(refusalOf(() => checkBalance(header, [...sums, sums[0] ?? extension.zero]))).toBe('bus-balance')
  })

  it('are no proof of another segment', () => {
    const { key, publicValues, proof } = chain
    const header = checkHeader(key, publicValues, proof.headers)
    const [first, second] = proof.segments
    if (first === undefined || second === undefined) throw new RangeError('there are three segments')
    expect(refusalOf(() => verifySegment(header, 1, first))).toBe('constraints')
    expect(refusalOf(() => verifySegment(header, 0, second))).toBe('constraints')
    expect(() => verifySegment(header, 3, first)).toThrow(RangeError)
  })

  it('are refused with another binding, none, or the binding of a proof that needs none', async () => {
    const binding = [1n, 2n, 3n] as const
    expect(withHeaders((headers) => headers.map((header, index) => (index === 1 ? { ...header, binding } : header)))).toBe('bus-balance')
    expect(withHeaders((headers) => headers.map((header, index) => (index === 1 ? { ...header, binding: null } : header)))).toBe('encoding')
    const alone = await proveChain(chainInstance({ logHeights: [5], logRange }))
    const headers = alone.proof.headers.map((header) => ({ ...header, binding }))
    expect(isRefused({ ...alone, proof: { ...alone.proof, headers } })).toBe('encoding')
  })

  it.each([
    ['no segment', 0],
    ['more segments than there can be', maxSegments + 1],
    ['as many as fit into two bytes', 0xffff],
  ])('are refused as bytes that speak of %s', (_, count) => {
    const { key, proof } = chain
    const bytes = encodeProof(proof)
    new DataView(bytes.buffer).setUint16(1, count)
    expect(refusalOf(() => decodeProof(bytes, key))).toBe('encoding')
    expect(refusalOf(() => decodeHeaders(bytes, chainAir))).toBe('encoding')
  })

  it('are refused where there are more segments than headers, or fewer', () => {
    const { proof } = chain
    expect(isRefused({ ...chain, proof: { ...proof, segments: proof.segments.slice(1) } })).toBe('encoding')
    expect(withHeaders((headers) => headers.slice(1))).toBe('encoding')
    expect(isRefused({ ...chain, proof: { headers: [], segments: [] } })).toBe('encoding')
  })
})
