import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as extension from './extension.ts'
import * as base from './goldilocks.ts'

const edges = [0n, 1n, 2n, base.modulus - 1n, base.modulus - 2n, 0xffff_ffffn, 0x1_0000_0000n]
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: base.modulus - 1n }))
const triple = fc.tuple(element, element, element)

describe('Goldilocks', () => {
  it('agrees with integers modulo p', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        expect(base.add(a, b)).toBe((a + b) % base.modulus)
        expect(base.add(base.sub(a, b), b)).toBe(a)
        expect(base.mul(a, b)).toBe((a * b) % base.modulus)
        expect(base.add(a, base.negate(a))).toBe(0n)
      }),
    )
  })

  it('inverts everything but zero', () => {
    fc.assert(fc.property(element, (a) => a === 0n || base.mul(a, base.inverse(a)) === 1n))
    expect(() => base.inverse(0n)).toThrow(RangeError)
  })

  it('has roots of unity of exactly their order, one a square of the next', () => {
    expect(base.rootOfUnity(0)).toBe(1n)
    expect(base.rootOfUnity(1)).toBe(base.modulus - 1n)
    expect(base.rootOfUnity(6)).toBe(8n)
    for (let log = 1; log <= base.maxLogOrder; log++) {
      expect(base.mul(base.rootOfUnity(log), base.rootOfUnity(log))).toBe(base.rootOfUnity(log - 1))
    }
    expect(() => base.rootOfUnity(33)).toThrow(RangeError)
  })

  it('has a generator that is in no subgroup', () => {
    const factors = [2n, 3n, 5n, 17n, 257n, 65537n]
    let order = base.modulus - 1n
    for (const factor of factors) while (order % factor === 0n) order /= factor
    expect(order).toBe(1n)
    for (const factor of factors) expect(base.power(base.generator, (base.modulus - 1n) / factor)).not.toBe(1n)
  })
})

describe('the cubic extension', () => {
  it('is a field: 2 is no cube', () => {
    expect(base.power(2n, (base.modulus - 1n) / 3n)).not.toBe(1n)
  })

  it('multiplies as polynomials modulo X³ − 2', () => {
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const product = [0n, 0n, 0n, 0n, 0n]
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) product[i + j] = (product[i + j] ?? 0n) + (a[i] ?? 0n) * (b[j] ?? 0n)
        const [p0 = 0n, p1 = 0n, p2 = 0n, p3 = 0n, p4 = 0n] = product
        expect(extension.mul(a, b)).toEqual([p0 + 2n * p3, p1 + 2n * p4, p2].map(base.toElement))
      }),
    )
  })

  it('inverts everything but zero', () => {
    fc.assert(
      fc.property(
        triple,
        (a) => extension.equals(a, extension.zero) || extension.equals(extension.mul(a, extension.inverse(a)), extension.one),
      ),
    )
    expect(() => extension.inverse(extension.zero)).toThrow(RangeError)
  })
})
