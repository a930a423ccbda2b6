import { readFileSync } from 'node:fs'
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

  it('accepts nothing but what the encoder makes, whatever byte changes', () => {
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
        expect(encodeProverInput(decoded)).toEqual(bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('survives lists nested a hundred thousand deep', () => {
    expect(() => decodeProverInput(new Uint8Array(100_000).fill(0xc1))).toThrow(InvalidProverInputError)
  })
})
