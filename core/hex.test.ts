import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesToHex, hexToBytes } from './hex.ts'

test('bytes of any length, small ones and those of a larger array too, are written as Node writes them, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(3), (bytes, from) => {
      const part = bytes.subarray(Math.min(from, bytes.length))
      const hex = bytesToHex(part)
      expect(hex).toBe(`0x${Buffer.from(part).toString('hex')}`)
      expect(hexToBytes(hex)).toEqual(new Uint8Array(part))
      expect(hexToBytes(`0x${hex.slice(2).toUpperCase()}`)).toEqual(new Uint8Array(part))
    }),
  )
})
