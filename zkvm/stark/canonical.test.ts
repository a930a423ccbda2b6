import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Extension } from '../field/extension.ts'
import { modulus } from '../field/goldilocks.ts'
import { InvalidProofError } from './errors.ts'
import { defaultParameters } from './parameters.ts'
import type { Proof } from './proof.ts'
import { prove } from './prover/prove.ts'
import { ProvingKey } from './prover/proving-key.ts'
import { ProverWorkers } from './prover/workers.ts'
import { fibonacciAir, fibonacciInstance } from './testing/fibonacci-air.ts'
import { type SingleProof, segmentOf, withSegment } from './testing/single-proof.ts'
import { verify } from './verifier.ts'
import type { VerifyingKey } from './verifying-key.ts'

const parameters = { ...defaultParameters, queries: 6, grindingBits: 2, maxLogFinalLength: 3, minLogHeight: 4 }
const instance = fibonacciInstance({ logHeight: 6, logRange: 4 })
const workers = new ProverWorkers({ threads: 0 })
afterAll(() => workers.close())

let key: VerifyingKey
let proof: Proof

beforeAll(async () => {
  const provingKey = await ProvingKey.create({ air: fibonacciAir, parameters, fixed: instance.fixed, logHeights: [6], workers })
  key = provingKey.verifyingKey
  proof = await prove({ key: provingKey, publicValues: instance.publicValues, traces: instance.traces, workers })
})

/** The same element to every hash, which takes 64 bits, and to the arithmetic. */
const alias = modulus << 64n

function aliased(values: readonly Extension[]): Extension[] {
  return values.map(([a, b, c], index) => (index === 0 ? [a + alias, b, c] : [a, b, c]))
}

describe('a proof made of numbers that only look like others', () => {
  it.each<[string, (proof: SingleProof) => SingleProof]>([
    ['a sum', (valid) => ({ ...valid, sums: aliased(valid.sums) })],
    ['a quotient value', (valid) => ({ ...valid, quotientValues: aliased(valid.quotientValues) })],
    [
      'an out-of-domain value',
      (valid) => ({ ...valid, values: { ...valid.values, main: valid.values.main.map((group) => group.map(aliased)) } }),
    ],
    ['a coefficient', (valid) => ({ ...valid, finalPolynomial: aliased(valid.finalPolynomial) })],
    [
      'an element of a row',
      ({ openings, ...valid }) => {
        const rows = openings.main.rows.map((row) => row.map((element) => element + alias))
        return { ...valid, openings: { ...openings, main: { ...openings.main, rows } } }
      },
    ],
    [
      'an element of a row, that has another value',
      ({ openings, ...valid }) => {
        const rows = openings.main.rows.map((row) => row.map((element) => element + (1n << 64n)))
        return { ...valid, openings: { ...openings, main: { ...openings.main, rows } } }
      },
    ],
    ['a value of a fold', (valid) => ({ ...valid, folds: valid.folds.map((fold) => ({ ...fold, values: aliased(fold.values) })) })],
    ['the nonce', (valid) => ({ ...valid, nonce: valid.nonce + (1n << 64n) })],
    ['a negative nonce', (valid) => ({ ...valid, nonce: valid.nonce - (1n << 64n) })],
    ['a longer root', (valid) => ({ ...valid, mainRoot: new Uint8Array(33) })],
    ['an extension element of four', (valid) => ({ ...valid, sums: valid.sums.map((sum) => [...sum, 0n] as unknown as Extension) })],
    ['a height', (valid) => ({ ...valid, logHeights: valid.logHeights.map((log) => log + 256) })],
    ['a height that is no integer', (valid) => ({ ...valid, logHeights: [Number.NaN, 4] })],
  ])('is refused: %s', (_, forge) => {
    expect(() => verify(key, instance.publicValues, proof)).not.toThrow()
    expect(() => verify(key, instance.publicValues, withSegment(proof, forge(segmentOf(proof))))).toThrow(
      expect.objectContaining({ check: 'encoding' }),
    )
  })
})

describe('public values that the AIR does not have', () => {
  it.each<[string, readonly bigint[]]>([
    ['too few', instance.publicValues.slice(1)],
    ['too many', [...instance.publicValues, 0n]],
    ['none', []],
    ['one that is not below the prime', instance.publicValues.map((value) => value + modulus)],
    ['a negative one', instance.publicValues.map((value) => value - modulus)],
  ])('are refused as such: %s', (_, publicValues) => {
    expect(() => verify(key, publicValues, proof)).toThrow(InvalidProofError)
    expect(() => verify(key, publicValues, proof)).toThrow(expect.objectContaining({ check: 'public-values' }))
  })
})
