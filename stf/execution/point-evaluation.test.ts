import { createAddressFromBigInt } from '@ethereumjs/util'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bigintToBytes, bytesToHex } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { StateStore } from '../state/state-store.ts'
import { WorldState } from '../state/world-state.ts'
import { openingInput, openingOf } from '../testing/kzg-openings.ts'
import { MemoryStore } from '../testing/memory-store.ts'
import { emptyTrieRoot } from '../trie/trie.ts'
import { isKzgOpening } from './point-evaluation.ts'
import { vmFor } from './vm.ts'

const order = bls12_381.fields.Fr.ORDER
const prime = bls12_381.fields.Fp.ORDER
const scalar = fc.oneof({ arbitrary: fc.constantFrom(0n, 1n, order - 1n), weight: 1 }, { arbitrary: fc.bigInt(0n, order - 1n), weight: 3 })
const infinity = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0))

const compressed = (x: bigint, flags: number): Uint8Array => {
  const bytes = bigintToBytes(x, 48)
  bytes[0] = (bytes[0] ?? 0) | flags
  return bytes
}

describe('the opening of a KZG commitment', () => {
  it('holds for every polynomial of degree one or zero, at every point, and for no other value', () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, fc.bigInt(1n, order - 1n), (slope, constant, z, difference) => {
        const opening = openingOf({ slope, constant }, z)
        expect(isKzgOpening(opening)).toBe(true)
        expect(isKzgOpening({ ...opening, y: (opening.y + difference) % order })).toBe(false)
      }),
      { numRuns: 15 },
    )
  })

  const good = openingOf({ slope: 3n, constant: 5n }, 7n)
  const zero = openingOf({ slope: 0n, constant: 0n }, 7n)
  // x of a point of the curve that is not in the subgroup, by its y of 2.
  const outside = compressed(0n, 0x80)

  it.each([
    ['another point', { ...good, z: 8n }],
    ['the proof of another polynomial', { ...good, proof: openingOf({ slope: 4n, constant: 5n }, 7n).proof }],
    ['the commitment to another polynomial', { ...good, commitment: openingOf({ slope: 3n, constant: 6n }, 7n).commitment }],
    ['a value that is not below the order', { ...good, y: good.y + order }],
    ['a point that is not below the order', { ...good, z: good.z + order }],
    ['a proof that is not in the subgroup', { ...zero, proof: outside }],
    ['a commitment that is not in the subgroup', { ...zero, commitment: outside }],
    ['a proof that is not on the curve', { ...zero, proof: compressed(1n, 0x80) }],
    ['a coordinate that is not below the prime', { ...zero, proof: compressed(prime, 0x80) }],
    ['infinity with the flag of a sign', { ...zero, proof: compressed(0n, 0xe0) }],
    ['infinity with a coordinate', { ...zero, proof: compressed(1n, 0xc0) }],
    ['infinity without the flag of compression', { ...zero, proof: compressed(0n, 0x40) }],
    ['nothing but zeros', { ...zero, proof: compressed(0n, 0) }],
  ])('does not hold for %s', (_name, opening) => {
    expect(isKzgOpening(good) && isKzgOpening(zero)).toBe(true)
    expect(zero.proof).toEqual(infinity)
    expect(isKzgOpening(opening)).toBe(false)
  })
})

describe('precompile 0x0a', () => {
  async function call(data: Uint8Array, gasLimit: bigint) {
    const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, new MemoryStore()))
    const { evm } = await vmFor(createL2Common(1n), state)
    const { execResult } = await evm.runCall({ to: createAddressFromBigInt(10n), data, gasLimit })
    const { exceptionError, returnValue, executionGasUsed } = execResult
    return { failed: exceptionError !== undefined, output: bytesToHex(returnValue), gas: executionGasUsed }
  }

  const input = openingInput(openingOf({ slope: 11n, constant: 13n }, 17n))
  const failure = { failed: true, output: '0x', gas: 60_000n }

  it('gives the number of field elements of a blob and the order for 50,000 gas', async () => {
    const output = bytesToHex(Uint8Array.from([...bigintToBytes(4096n, 32), ...bigintToBytes(order, 32)]))
    expect(await call(input, 60_000n)).toEqual({ failed: false, output, gas: 50_000n })
    expect(await call(input, 49_999n)).toEqual({ ...failure, gas: 49_999n })
  })

  it('takes all gas for an input of another length, another hash or version, and an opening that does not hold', async () => {
    const changed = (at: number): Uint8Array => input.map((byte, i) => (i === at ? byte ^ 1 : byte))
    for (const data of [new Uint8Array(0), input.subarray(1), Uint8Array.from([...input, 0])])
      expect(await call(data, 60_000n)).toEqual(failure)
    for (const at of [0, 31, 63, 95, 97, 191]) expect(await call(changed(at), 60_000n)).toEqual(failure)
  })
})
