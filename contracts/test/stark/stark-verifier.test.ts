import { zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modulus } from '../../../zkvm/field/goldilocks.ts'
import { encodeAir } from '../../../zkvm/stark/air-code.ts'
import type { Proof } from '../../../zkvm/stark/proof.ts'
import { decodeProof, encodeProof } from '../../../zkvm/stark/proof-codec.ts'
import { ProverWorkers } from '../../../zkvm/stark/prover/workers.ts'
import { type SingleProof, segmentOf, withSegment } from '../../../zkvm/stark/testing/single-proof.ts'
import { segmentVerifierAbi, segmentVerifierBytecode } from '../../generated/SegmentVerifier.ts'
import { dataCreationCodes } from '../../stark-deployment.ts'
import { mutate, SeededRandom } from '../../testing/proof-mutations.ts'
import {
  type DeployedVerifier,
  deployVerifier,
  proveFibonacci,
  quickParameters,
  type StarkProof,
  verdictOfTypeScript,
} from '../../testing/stark-fixture.ts'
import { createL1, deploymentError, type L1 } from '../l1-fixture.ts'

// `npm run fuzz:verifier` asks for more.
const mutations = Number(process.env.ZKDEVNET_FUZZ_COUNT ?? 400)
const seed = process.env.ZKDEVNET_FUZZ_SEED ?? 'mutated proofs'

const workers = new ProverWorkers({ threads: 0 })
let l1: L1
let valid: StarkProof
let proof: Proof
let verifier: DeployedVerifier

beforeAll(async () => {
  l1 = await createL1()
  valid = await proveFibonacci({ logHeight: 9, logRange: 6 }, workers)
  proof = decodeProof(valid.bytes, valid.key)
  verifier = await deployVerifier(l1, valid.key)
}, 120_000)
afterAll(() => workers.close())

/** Of both verifiers, which have to agree. */
async function verdictOf(candidate: StarkProof, { judge } = verifier): Promise<string> {
  const { verdict } = await judge(candidate)
  expect(verdict).toBe(verdictOfTypeScript(candidate))
  return verdict
}

describe('a valid proof', () => {
  it.each([
    [5, 5],
    [6, 4],
    [9, 4],
    [4, 9],
    [10, 6],
  ])('of tables of 2^%d and 2^%d rows is accepted by both verifiers', async (logHeight, logRange) => {
    const other = await proveFibonacci({ logHeight, logRange }, workers)
    expect(await verdictOf(other, await deployVerifier(l1, other.key))).toBe('accepted')
  })

  it('is accepted with every position opened and nothing to fold', async () => {
    const parameters = { ...quickParameters, logBlowup: 1, queries: 32, grindingBits: 0, maxLogFinalLength: 4 }
    const other = await proveFibonacci({ logHeight: 4, logRange: 4, parameters }, workers)
    expect(await verdictOf(other, await deployVerifier(l1, other.key))).toBe('accepted')
  })
})

describe('a proof that is none', () => {
  const withBytes = (bytes: Uint8Array): StarkProof => ({ ...valid, bytes })
  const changed = (change: (proof: SingleProof) => Partial<SingleProof>): StarkProof =>
    withBytes(encodeProof(withSegment(proof, { ...segmentOf(proof), ...change(segmentOf(proof)) })))
  const flipped = (digest: Uint8Array): Uint8Array => digest.map((byte, index) => (index === 31 ? byte ^ 1 : byte))
  const withRows = (
    stage: 'fixed' | 'main' | 'aux' | 'quotient',
    change: (opening: SingleProof['openings']['main']) => SingleProof['openings']['main'],
  ) => changed(({ openings }) => ({ openings: { ...openings, [stage]: change(openings[stage]) } }))
  const withFold = (step: number, change: (fold: SingleProof['folds'][number]) => SingleProof['folds'][number]) =>
    changed(({ folds }) => ({ folds: folds.map((fold, index) => (index === step ? change(fold) : fold)) }))

  it.each<[string, () => StarkProof]>([
    ['is empty', () => withBytes(new Uint8Array())],
    ['has only a version', () => withBytes(valid.bytes.slice(0, 1))],
    ['has only a version and a number of segments', () => withBytes(valid.bytes.slice(0, 3))],
    ['has only a version, a number of segments and heights', () => withBytes(valid.bytes.slice(0, 5))],
    ['has no segments', () => withBytes(valid.bytes.with(2, 0))],
    ['has another version', () => withBytes(valid.bytes.map((byte, index) => (index === 0 ? 1 : byte)))],
    ['lacks its last byte', () => withBytes(valid.bytes.slice(0, -1))],
    ['has a byte more', () => withBytes(new Uint8Array([...valid.bytes, 0]))],
    ['has a sum that is the prime', () => changed(({ sums }) => ({ sums: sums.map(() => [0n, 0n, modulus] as const) }))],
    [
      'has an out-of-domain value that is 2^64 − 1',
      () =>
        changed(() => ({
          quotientValues: [
            [2n ** 64n - 1n, 0n, 0n],
            [0n, 0n, 0n],
          ],
        })),
    ],
    [
      'has a coefficient that is the prime',
      () => changed(({ finalPolynomial }) => ({ finalPolynomial: finalPolynomial.map(() => [0n, modulus, 0n] as const) })),
    ],
    ...(['fixed', 'main', 'aux', 'quotient'] as const).map((stage): [string, () => StarkProof] => [
      `has a last element of the ${stage} rows that is the prime`,
      () =>
        withRows(stage, ({ rows, nodes }) => ({
          nodes,
          rows: rows.map((row, at) =>
            row.map((element, index) => (at === rows.length - 1 && index === row.length - 1 ? modulus : element)),
          ),
        })),
    ]),
    [
      'has a value of a fold that is the prime',
      () => withFold(1, ({ values, nodes }) => ({ nodes, values: values.map(() => [modulus, 0n, 0n] as const) })),
    ],
    ['has a value of a fold too many', () => withFold(0, ({ values, nodes }) => ({ nodes, values: [...values, [0n, 0n, 0n]] }))],
    ['has a value of the last fold too few', () => withFold(1, ({ values, nodes }) => ({ nodes, values: values.slice(1) }))],
  ])('is refused for its encoding: it %s', async (_, forge) => {
    expect(await verdictOf(forge())).toBe('encoding')
  })

  it.each([
    ['a table without rows to speak of', [0, 6]],
    ['a table that is too tall', [22, 6]],
    ['a fixed table of another height', [9, 7]],
    ['a table that is too low', [12, 6]],
    ['heights without a key', [10, 6]],
    ['low tables', [3, 3]],
  ])('is refused for its heights: %s', async (_, logHeights) => {
    expect(await verdictOf(changed(() => ({ logHeights })))).toBe('heights')
  })

  it('is refused for heights below the least', async () => {
    const other = await proveFibonacci({ logHeight: 4, logRange: 3 }, workers)
    const strict = await deployVerifier(l1, { ...other.key, parameters: { ...other.key.parameters, minLogHeight: 5 } })
    expect((await strict.judge(other)).verdict).toBe('heights')
  })

  it('is refused for public values that are none', async () => {
    expect(await verdictOf({ ...valid, publicValues: [modulus, valid.publicValues[1] ?? 0n] })).toBe('public-values')
    expect(await verdictOf({ ...valid, publicValues: [3n, 2n ** 256n - 1n] })).toBe('public-values')
  })

  it('is refused for public values that are not its own, and for sums', async () => {
    expect(await verdictOf({ ...valid, publicValues: [4n, valid.publicValues[1] ?? 0n] })).toBe('constraints')
    expect(await verdictOf(changed(({ sums }) => ({ sums: sums.map(() => [1n, 2n, 3n] as const) })))).toBe('constraints')
  })

  it.each([
    ['a constraint', 3, 99n, 'constraints'],
    ['a bus', 2 * 512 + 5, 9n, 'bus-balance'],
  ] as const)('is refused for a trace that violates %s', async (_, cell, value, check) => {
    const forged = await proveFibonacci(
      {
        logHeight: 9,
        logRange: 6,
        forge: ({ traces }) => {
          traces[0].main[cell] = value
        },
      },
      workers,
    )
    expect(await verdictOf(forged)).toBe(check)
  })

  it.each<[string, () => StarkProof]>([
    ['quotient root', () => changed(({ quotientRoot }) => ({ quotientRoot: flipped(quotientRoot) }))],
    ['quotient values', () => changed(({ quotientValues }) => ({ quotientValues: quotientValues.toReversed() }))],
    ['values', () => changed(({ values }) => ({ values: { ...values, main: values.main.map((group) => group.toReversed()) } }))],
  ])('is refused at the point outside the domain for other %s', async (_, forge) => {
    expect(await verdictOf(forge())).toBe('constraints')
  })

  it('is refused for a nonce without work', async () => {
    expect(await verdictOf(changed(({ nonce }) => ({ nonce: nonce + 1n })))).toBe('grinding')
    expect(await verdictOf(changed(({ foldRoots }) => ({ foldRoots: foldRoots.map(flipped) })))).toBe('grinding')
  })

  it.each(['fixed', 'main', 'aux', 'quotient'] as const)('is refused for other rows or digests of the %s stage', async (stage) => {
    const verdicts = [
      withRows(stage, ({ rows, nodes }) => ({
        nodes,
        rows: rows.map((row, at) => row.map((element) => (at === 4 ? element ^ 1n : element))),
      })),
      withRows(stage, ({ rows, nodes }) => ({ nodes, rows: rows.toReversed() })),
      withRows(stage, ({ rows, nodes }) => ({
        rows,
        nodes: nodes.map((node, index) => (index === nodes.length - 1 ? flipped(node) : node)),
      })),
      withRows(stage, ({ rows, nodes }) => ({ rows, nodes: [...nodes, new Uint8Array(32)] })),
      withRows(stage, ({ rows, nodes }) => ({ rows, nodes: nodes.slice(0, -1) })),
      withRows(stage, ({ rows }) => ({ rows, nodes: [] })),
    ].map((candidate) => verdictOf(candidate))
    for (const verdict of verdicts) expect(await verdict).toBe('openings')
  })

  it.each([0, 1])('is refused for other values or digests of folding step %d', async (step) => {
    const verdicts = [
      withFold(step, ({ values, nodes }) => ({ nodes, values: values.map(([a, b, c]) => [a ^ 1n, b, c] as const) })),
      withFold(step, ({ values, nodes }) => ({ nodes, values: values.toReversed() })),
      withFold(step, ({ values, nodes }) => ({ values, nodes: nodes.map(flipped) })),
      withFold(step, ({ values, nodes }) => ({ values, nodes: [...nodes, new Uint8Array(32)] })),
      withFold(step, ({ values, nodes }) => ({ values, nodes: nodes.slice(1) })),
    ].map((candidate) => verdictOf(candidate))
    for (const verdict of verdicts) expect(await verdict).toBe('fri-commitment')
  })

  it('is refused for another final polynomial, though all openings are right', async () => {
    // Where all positions are opened, the openings do not depend on the transcript.
    const parameters = { ...quickParameters, logBlowup: 1, queries: 32, grindingBits: 0, maxLogFinalLength: 2 }
    const other = await proveFibonacci({ logHeight: 4, logRange: 4, parameters }, workers)
    const exhaustive = await deployVerifier(l1, other.key)
    expect(await verdictOf(other, exhaustive)).toBe('accepted')
    const decoded = decodeProof(other.bytes, other.key)
    const only = segmentOf(decoded)
    const finalPolynomial = only.finalPolynomial.map(([a, b, c]) => [a ^ 1n, b, c] as const)
    const bytes = encodeProof(withSegment(decoded, { ...only, finalPolynomial }))
    expect(await verdictOf({ ...other, bytes }, exhaustive)).toBe('final-polynomial')
  })

  it('is refused by a verifier of another key', async () => {
    const otherWork = await deployVerifier(l1, { ...valid.key, parameters: { ...quickParameters, grindingBits: 5 } })
    expect((await otherWork.judge(valid)).verdict).toBe('constraints')
    const fixedRoots = new Map([...valid.key.fixedRoots].map(([log, root]) => [log, flipped(root)]))
    expect(await verdictOf({ ...valid, key: { ...valid.key, fixedRoots } })).toBe('constraints')
  })

  it(`is refused for the same reason by both verifiers, for ${mutations} mutations`, { timeout: 60_000 + 500 * mutations }, async () => {
    const random = new SeededRandom(seed)
    const verdicts = new Map<string, number>()
    for (let count = 0; count < mutations; count++) {
      const { name, bytes } = mutate(proof, random)
      const candidate = { ...valid, bytes }
      const expected = verdictOfTypeScript(candidate)
      expect(expected, `mutation ${count}: ${name}`).not.toBe('accepted')
      expect((await verifier.judge(candidate)).verdict, `mutation ${count}: ${name}`).toBe(expected)
      verdicts.set(expected, (verdicts.get(expected) ?? 0) + 1)
    }
    const reached = ['encoding', 'heights', 'constraints', 'grinding', 'openings', 'fri-commitment']
    expect([...verdicts.keys()]).toEqual(expect.arrayContaining(mutations < 300 ? [] : reached))
  })
})

const badParameters = deploymentError('StarkVerifier__BadParameters')

describe('a verifier', () => {
  it.each([
    ['no folding', { logFold: 0 }],
    ['more folds in one than coordinates have room for', { logFold: 7 }],
    ['no queries', { queries: 0 }],
    ['more queries than positions', { queries: 200 }],
    ['a domain without roots', { maxLogHeight: 30 }],
    ['no heights', { maxLogHeight: 3 }],
  ])('is not deployed with %s', async (_, change) => {
    const [air = '0x'] = dataCreationCodes(encodeAir(valid.key.air))
    const args = [{ ...quickParameters, ...change }, [await l1.deploy([], air), zeroAddress]]
    await expect(l1.deploy(segmentVerifierAbi, segmentVerifierBytecode, args)).rejects.toThrow(badParameters)
  })

  it('is not deployed with an AIR that ends within an instruction', async () => {
    const code = encodeAir(valid.key.air)
    for (const wrong of [Uint8Array.from([...code, 0]), code.slice(0, -1)]) {
      const [air = '0x'] = dataCreationCodes(wrong)
      const args = [quickParameters, [await l1.deploy([], air), zeroAddress]]
      await expect(l1.deploy(segmentVerifierAbi, segmentVerifierBytecode, args)).rejects.toThrow(badParameters)
    }
    const [air = '0x'] = dataCreationCodes(code)
    const [empty = '0x'] = dataCreationCodes(new Uint8Array())
    const args = [quickParameters, [await l1.deploy([], air), await l1.deploy([], empty)]]
    await expect(l1.deploy(segmentVerifierAbi, segmentVerifierBytecode, args)).resolves.toMatch('0x')
  })
})
