import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRlp, type RlpItem } from './rlp.ts'

const { item } = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof({ depthSize: 'small' }, fc.uint8Array({ maxLength: 70 }), fc.array(tie('item'), { maxLength: 8 })),
}))

describe('encodeRlp', () => {
  it('encodes as the reference implementation does, and can be read back', () => {
    fc.assert(
      fc.property(item, (value) => {
        const rlp = encodeRlp(value)
        expect(rlp).toEqual(RLP.encode(value as Uint8Array))
        expect(RLP.decode(rlp)).toEqual(value)
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
