import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bigintToMinimalBytes, bytesToHex, hexToBytes } from '../core/index.ts'
import { EncodedItem, encodeRlp, type RlpItem } from './rlp.ts'

const { item } = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small' },
    fc.uint8Array({ maxLength: 70 }),
    fc.uint8Array({ maxLength: 70 }).map(bytesToHex),
    fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n }),
      fc.bigInt({ min: 0n, max: 2n ** 256n }),
      fc.constantFrom(0n, 127n, 128n, 2n ** 48n - 1n, 2n ** 48n),
    ),
    fc.array(tie('item'), { maxLength: 8 }),
    fc.array(tie('item'), { maxLength: 4 }).map((items) => new EncodedItem(encodeRlp(items))),
  ),
}))

type Bytes = Uint8Array | Bytes[]

/** The strings and lists that an item is. */
function bytesOf(item: RlpItem): Bytes {
  if (item instanceof Uint8Array) return item
  if (typeof item === 'bigint') return bigintToMinimalBytes(item)
  if (typeof item === 'string') return hexToBytes(item)
  return item instanceof EncodedItem ? RLP.decode(item.rlp) : item.map(bytesOf)
}

describe('encodeRlp', () => {
  it('encodes as the reference implementation does, and can be read back', () => {
    fc.assert(
      fc.property(item, (value) => {
        const rlp = encodeRlp(value)
        expect(rlp).toEqual(RLP.encode(bytesOf(value)))
        expect(RLP.decode(rlp)).toEqual(bytesOf(value))
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, 1, 55, 56, 255, 256, 65_535, 65_536, 20_000_000])('gives strings and lists of %i bytes the right head', (length) => {
    const bytes = new Uint8Array(length).fill(0x80)
    expect(Buffer.compare(encodeRlp(bytes), RLP.encode(bytes))).toBe(0)
    expect(Buffer.compare(encodeRlp([bytes, bytes]), RLP.encode([bytes, bytes]))).toBe(0)
  })
})
