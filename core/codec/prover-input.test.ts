import { readFileSync } from 'node:fs'
import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../hex.ts'
import { keccak256Hex } from '../keccak.ts'
import { decodeProverInput, encodeProverInput, InvalidProverInputError, type ProverInput } from './prover-input.ts'
import { proverInputs } from './testing/arbitraries.ts'

interface Vectors {
  valid: { name: string; encoded: Hex; input: Record<string, unknown> }[]
  invalid: { name: string; encoded: Hex; reason: string }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/prover-input.json', import.meta.url), 'utf8')) as Vectors

function plain(input: ProverInput): unknown {
  return JSON.parse(
    JSON.stringify(input, function (this: Record<string, unknown>, key) {
      const value = this[key]
      return typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? bytesToHex(value) : value
    }),
  )
}

function sorted(values: readonly Uint8Array[]): Uint8Array[] {
  const byHash = new Map(values.map((value) => [keccak256Hex(value), value]))
  return [...byHash.keys()].sort().map((hash) => byHash.get(hash) ?? new Uint8Array())
}

type Item = Uint8Array | Item[]

function withoutFillers(encoded: Uint8Array): Uint8Array {
  const fields = RLP.decode(encoded) as Item[]
  return RLP.encode(fields.map((field, at) => (at === 4 || at === 5 ? (field as Item[]).filter(({ length }) => length > 0) : field)))
}

/** Where the content of the list at `at` begins. */
const contentAt = (encoded: Uint8Array, at: number): { at: number; end: number } => {
  const first = encoded[at] ?? 0
  const content = at + 1 + Math.max(first - 0xf7, 0)
  return { at: content, end: encoded.length - RLP.decode(encoded.subarray(at), true).remainder.length }
}

function itemsOf(encoded: Uint8Array, { at, end }: { at: number; end: number }): { at: number; end: number; value: Item }[] {
  const items = []
  for (let next = at; next < end; ) {
    const { data, remainder } = RLP.decode(encoded.subarray(next), true)
    items.push({ at: next, end: encoded.length - remainder.length, value: data as Item })
    next = encoded.length - remainder.length
  }
  return items
}

describe('prover input', () => {
  it.each(vectors.valid)('follows the vectors: $name', ({ encoded, input }) => {
    const decoded = decodeProverInput(hexToBytes(encoded))
    expect(plain(decoded)).toEqual(input)
    expect(bytesToHex(encodeProverInput(decoded))).toBe(encoded)
  })

  it.each(vectors.invalid)('refuses: $name', ({ encoded, reason }) => {
    expect(() => decodeProverInput(hexToBytes(encoded))).toThrow(expect.objectContaining({ code: 'INVALID_PROVER_INPUT', message: reason }))
  })

  it('gives back what was encoded, nodes and codes sorted and once each', () => {
    fc.assert(
      fc.property(proverInputs, (input) => {
        const twice = { ...input, nodes: [...input.nodes, ...input.nodes].reverse() }
        expect(decodeProverInput(encodeProverInput(twice))).toEqual({ ...input, nodes: sorted(input.nodes), codes: sorted(input.codes) })
      }),
    )
  })

  it('lets each node and code stand at a multiple of four bytes', () => {
    fc.assert(
      fc.property(proverInputs, (input) => {
        const encoded = encodeProverInput(input)
        const values = itemsOf(encoded, contentAt(encoded, 0))
          .slice(4, 6)
          .flatMap(({ at }) => itemsOf(encoded, contentAt(encoded, at)))
          .filter(({ value }) => value.length > 0)
        expect(values.map(({ value }) => value)).toEqual([...sorted(input.nodes), ...sorted(input.codes)])
        for (const { end, value } of values) expect((end - value.length) % 4).toBe(0)
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes any number of fillers between nodes and between codes, and none elsewhere', () => {
    const nothing = new Uint8Array(0)
    fc.assert(
      fc.property(proverInputs, fc.nat(5), (input, count) => {
        const fields = RLP.decode(encodeProverInput(input)) as Item[]
        const filled = (at: number): Uint8Array =>
          RLP.encode(fields.with(at, [...(fields[at] as Item[]), ...Array<Item>(count + 1).fill(nothing)]))
        const expected = decodeProverInput(encodeProverInput(input))
        for (const at of [4, 5]) expect(decodeProverInput(filled(at))).toEqual(expected)
        for (const at of [1, 6, 7]) expect(() => decodeProverInput(filled(at))).toThrow(InvalidProverInputError)
      }),
    )
  })

  it('accepts nothing but what the encoder makes and fillers, whatever byte changes', () => {
    const encoded = fc.tuple(proverInputs, fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(encoded, ([input, at, xor]) => {
        const bytes = encodeProverInput(input)
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ xor
        let decoded: ProverInput
        try {
          decoded = decodeProverInput(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidProverInputError)
          return
        }
        expect(withoutFillers(encodeProverInput(decoded))).toEqual(withoutFillers(bytes))
      }),
      { numRuns: 1_000 },
    )
  })

  it('survives lists nested a hundred thousand deep', () => {
    expect(() => decodeProverInput(new Uint8Array(100_000).fill(0xc1))).toThrow(InvalidProverInputError)
  })
})
