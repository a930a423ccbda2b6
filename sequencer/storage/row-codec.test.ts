import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRows, encodeRows } from './row-codec.ts'

const value = fc.oneof(
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
)
const tables = fc.array(fc.array(fc.array(value, { maxLength: 9 }), { maxLength: 5 }), { maxLength: 6 })

describe('rows as bytes', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(decodeRows(Uint8Array.from(encodeRows(rows)))).toEqual(rows)
      }),
    )
  })

  it('of any size fit', () => {
    const rows = [[[7, new Uint8Array(300_000).fill(9), 'x'.repeat(200_000)]]]
    expect(decodeRows(encodeRows(rows))).toEqual(rows)
  })

  it('that are cut short, or go on, are refused', () => {
    fc.assert(
      fc.property(tables, fc.nat(), (rows, cut) => {
        const bytes = Uint8Array.from(encodeRows(rows))
        const malformed = expect.objectContaining({ code: 'STORED_ROWS_MALFORMED' })
        expect(() => decodeRows(bytes.slice(0, cut % bytes.length))).toThrow(malformed)
        expect(() => decodeRows(Uint8Array.of(...bytes, 0))).toThrow(malformed)
      }),
    )
  })

  it('that no row has are refused', () => {
    const malformed = expect.objectContaining({ code: 'STORED_ROWS_MALFORMED' })
    const oneValue = (...bytes: number[]) => Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, ...bytes)
    expect(decodeRows(oneValue(0))).toEqual([[[null]]])
    expect(() => decodeRows(oneValue(4))).toThrow(malformed)
    expect(() => decodeRows(Uint8Array.of(255, 255, 255, 255))).toThrow(malformed)
  })
})
