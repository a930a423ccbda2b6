import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesToHex } from './hex.ts'
import { bigintToBytes, bigintToMinimalBytes, bytesToBigint } from './integer.ts'

const edges = [
  0n,
  1n,
  255n,
  256n,
  2n ** 32n,
  2n ** 48n - 1n,
  2n ** 48n,
  2n ** 53n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 256n - 1n,
  2n ** 256n,
  2n ** 300n,
]
const anyValue = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 280n }))

test('a number has the bytes that its digits say', () => {
  fc.assert(
    fc.property(anyValue, fc.integer({ min: 0, max: 40 }), (value, length) => {
      const digits = value === 0n ? '' : value.toString(16)
      const even = digits.length % 2 === 0 ? digits : `0${digits}`
      expect(bytesToHex(bigintToMinimalBytes(value))).toBe(`0x${even}`)
      expect(bytesToHex(bigintToBytes(value, length))).toBe(`0x${even.padStart(length * 2, '0')}`)
    }),
  )
})

test('bytes come back as the number, with and without leading zeros', () => {
  fc.assert(
    fc.property(anyValue, fc.integer({ min: 0, max: 40 }), (value, length) => {
      expect(bytesToBigint(bigintToMinimalBytes(value))).toBe(value)
      expect(bytesToBigint(bigintToBytes(value, length))).toBe(value)
    }),
  )
})
