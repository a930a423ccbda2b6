import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integerToWords, inverse, modulo, wordsToInteger } from './integers.ts'
import { keccakF as plainKeccakF } from './keccak-f.ts'
import { addPoints, curveRoot, doublePoint, keccakAbsorb, keccakF } from './kernel.ts'

const p = 2n ** 256n - 2n ** 32n - 977n

/** Of all lengths, and close to the prime: where carries and borrows are. */
const coordinate = fc
  .tuple(fc.bigInt({ min: 0n, max: p - 1n }), fc.integer({ min: 0, max: 256 }), fc.boolean())
  .map(([value, shift, fromAbove]) => (fromAbove ? p - 1n - (value >> BigInt(shift)) : value >> BigInt(shift)))
const point = fc.record({ x: coordinate, y: coordinate })
type Point = { readonly x: bigint; readonly y: bigint }

function words({ x, y }: Point): Int32Array {
  return integerToWords(x | (y << 256n), 16)
}

function third(a: Point, b: Point, slope: bigint): Int32Array {
  const x = modulo(slope * slope - a.x - b.x, p)
  return words({ x, y: modulo(slope * (a.x - x) - a.y, p) })
}

describe('points on the curve and off it', () => {
  it('are added by the chord', () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        fc.pre(a.x !== b.x)
        expect(addPoints(words(a), words(b))).toEqual(third(a, b, modulo((b.y - a.y) * inverse(b.x - a.x, p), p)))
      }),
      { numRuns: 1000 },
    )
  })

  it('are doubled by the tangent', () => {
    fc.assert(
      fc.property(point, (a) => {
        fc.pre(a.y !== 0n)
        expect(doublePoint(words(a))).toEqual(third(a, a, modulo(3n * a.x * a.x * inverse(2n * a.y, p), p)))
      }),
      { numRuns: 1000 },
    )
  })

  it('whose slope has a power of two below it, or one less or more', () => {
    for (let bit = 0n; bit < 256n; bit++) {
      for (const x of [2n ** bit, 2n ** bit + 1n, 2n ** bit - 1n, p - 2n ** bit].map((value) => modulo(value, p))) {
        if (x === 0n) continue
        const [a, b] = [
          { x: 0n, y: 5n },
          { x, y: 12n },
        ]
        expect(addPoints(words(a), words(b))).toEqual(third(a, b, modulo(7n * inverse(x, p), p)))
      }
    }
  })

  it('have no sum or double where the line is vertical', () => {
    fc.assert(
      fc.property(point, coordinate, ({ x, y }, other) => {
        expect(addPoints(words({ x, y }), words({ x, y: other }))).toBe('vertical')
        expect(doublePoint(words({ x, y: 0n }))).toBe('vertical')
      }),
    )
  })

  it.each([p, p + 1n, 2n ** 256n - 1n])('are refused with the coordinate %i', (value) => {
    const good = { x: 1n, y: 2n }
    for (const bad of [
      { x: value, y: 2n },
      { x: 1n, y: value },
    ]) {
      expect(doublePoint(words(bad))).toBe('not-reduced')
      expect(addPoints(words(bad), words({ x: 3n, y: 4n }))).toBe('not-reduced')
      expect(addPoints(words(good), words(bad))).toBe('not-reduced')
    }
  })
})

it('a square has its root', () => {
  fc.assert(
    fc.property(coordinate, (value) => {
      const root = wordsToInteger(curveRoot(integerToWords((value * value) % p, 8)))
      expect((root * root) % p).toBe((value * value) % p)
    }),
  )
})

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const wordsOf = (count: number) => fc.array(int32, { minLength: count, maxLength: count }).map((list) => Int32Array.from(list))

it('keccak-f is that of the standard, word by word, and absorbing xors the block into the state first', () => {
  fc.assert(
    fc.property(wordsOf(50), wordsOf(34), (state, block) => {
      const plain = Int32Array.from(state)
      plainKeccakF(plain)
      expect(keccakF(state)).toEqual(plain)
      const mixed = state.map((word, index) => word ^ (block[index] ?? 0))
      expect(keccakAbsorb(state, block)).toEqual(keccakF(mixed))
    }),
  )
})
