import { beforeAll, describe, expect, it } from 'vitest'
import type { TableValues } from '../../air/check.ts'
import * as goldilocks from '../../field/goldilocks.ts'
import { modulo } from '../../isa/system/integers.ts'
import { range } from '../testing/changed-table.ts'
import { callRows, carryOffset, integerWords, prime } from './operations.ts'
import { tableOf } from './testing/calls.ts'
import { Cheater } from './testing/cheater.ts'
import { generator, pointWith } from './testing/points.ts'
import { type Arithmetic256Values, curveWitness, witnessOf } from './witness.ts'

const largest = 2n ** 256n - 1n
const nothing = [0n, 0n] as const
const identity = ['A256-IDENTITY']
const [gx, gy] = generator

const add = (operands: readonly bigint[], after: readonly [bigint, bigint]): Arithmetic256Values => {
  const [x1 = 0n, y1 = 0n, x2 = 0n, y2 = 0n] = operands
  return { operation: 'add', before: [x1, y1], left: [x2, y2], right: 0n, after }
}
const double = (x: bigint, y: bigint, after: readonly [bigint, bigint]): Arithmetic256Values => ({
  operation: 'double',
  before: [x, y],
  left: nothing,
  right: 0n,
  after,
})
const mulMod = (a: bigint, b: bigint, m: bigint, result: bigint): Arithmetic256Values => ({
  operation: 'mulMod',
  before: nothing,
  left: [a, b],
  right: m,
  after: [result, 0n],
})
const mulAdd = (a: bigint, b: bigint, c: bigint, result: bigint): Arithmetic256Values => ({
  operation: 'mulAdd',
  before: nothing,
  left: [a, b],
  right: c,
  after: [result % 2n ** 256n, result >> 256n],
})

/** What the chord or the tangent of this slope leads to, be it one of the points or not. */
const onSlope = (slope: bigint, x1: bigint, y1: bigint, x2: bigint): readonly [bigint, bigint] => {
  const x3 = modulo(slope * slope - x1 - x2, prime)
  return [x3, modulo(slope * (x1 - x3) - y1, prime)]
}

describe('a cheater who computes', () => {
  const starts = { mulAdd: 0, mulMod: callRows, add: 2 * callRows, double: 3 * callRows } as const
  let honest: TableValues
  beforeAll(() => {
    honest = tableOf([
      { operation: 'mulAdd', operands: [3n, 5n, 7n] },
      { operation: 'mulMod', operands: [largest, largest - 1n, prime] },
      { operation: 'add', operands: [gx, gy, 5n, 9n] },
      { operation: 'double', operands: [gx, gy] },
    ])
  })
  const cheater = (): Cheater => new Cheater(honest)

  it('cannot have another result of any operation', () => {
    for (const first of Object.values(starts)) {
      for (const row of [0, integerWords - 1]) {
        const table = cheater()
        table.putWord('after', first + row, table.word('after', first + row) + 1n).bound(first)
        expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
      }
    }
    for (const operation of ['mulAdd', 'add', 'double'] as const) {
      const table = cheater()
      const row = starts[operation] + callRows - 1
      table.putWord('after', row, table.word('after', row) ^ 1n).bound(starts[operation])
      expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
    }
  })

  it('cannot have results of two calls that are wrong by amounts that cancel', () => {
    const calls = tableOf([
      { operation: 'mulAdd', operands: [3n, 5n, 7n] },
      { operation: 'mulAdd', operands: [3n, 5n, 7n] },
    ])
    const table = new Cheater(calls)
    table.add('after.low', [0], 1n)
    table.add('after.low', [callRows], -1n)
    expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
    // Of the witness alone, so that no bus sees it: two of a call's identities, and two calls.
    for (const [first, second] of [
      [starts.add, starts.double],
      [starts.add, starts.add],
    ] as const) {
      const slopes = cheater()
      slopes.add('carry1.low', [first], 1n)
      slopes.add('carry5.low', [second], -1n)
      expect(slopes.noticed()).toEqual({ tags: identity, buses: [] })
    }
  })

  it('cannot take a sum that is larger by the field’s prime, carries of any size included', () => {
    const table = cheater()
    const wrong = 3n * 5n + 7n + goldilocks.modulus
    table.putNumber('after', starts.mulAdd, wrong)
    // (X − 2^16)·k has the coefficients of the sum in the field: at 2^16 it is a multiple of the prime.
    const sum = range(0, 2 * callRows).map((limb) => (limb === 0 ? 15n + 7n : 0n) - ((wrong >> BigInt(16 * limb)) % 65536n))
    let carry = 0n
    sum.forEach((coefficient, limb) => {
      carry = goldilocks.mul(goldilocks.toElement(carry - coefficient), goldilocks.inverse(65536n))
      const name = `carry${Math.floor(limb / callRows)}`
      table.set(`${name}.low`, limb % callRows, carry + BigInt(carryOffset))
      table.set(`${name}.high`, limb % callRows, 0n)
    })
    expect(carry).toBe(0n)
    expect(table.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    // Nor with carries whose low parts are halves.
    for (const limb of range(0, 2 * callRows)) {
      const [name, row] = [`carry${Math.floor(limb / callRows)}`, limb % callRows]
      const value = table.get(`${name}.low`, row)
      table.set(`${name}.high`, row, goldilocks.mul(value - (value % 65536n), goldilocks.inverse(65536n)))
      table.set(`${name}.low`, row, value % 65536n)
    }
    expect(table.noticed()).toEqual({ tags: [], buses: ['byte-pair', 'memory'] })
  })

  it('cannot leave a remainder that is not below the modulus', () => {
    const table = cheater().putCall(starts.mulMod, mulMod(6n, 7n, 5n, 7n), witnessOf(mulMod(6n, 7n, 5n, 2n)))
    expect(table.noticed().tags).toEqual(identity)
    // 42 = 7 + 7·5.
    const { quotients, ...rest } = witnessOf(mulMod(5n, 7n, 5n, 0n))
    const smaller = cheater().putCall(starts.mulMod, mulMod(6n, 7n, 5n, 7n), { ...rest, quotients })
    expect(quotients[0][0]).toBe(7)
    expect(smaller.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    const equal = cheater().putCall(starts.mulMod, mulMod(5n, 7n, 5n, 5n), witnessOf(mulMod(6n, 5n, 5n, 0n)))
    expect(equal.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
  })

  it('cannot divide by 0', () => {
    for (const result of [0n, 42n]) {
      const table = cheater().putCall(starts.mulMod, mulMod(6n, result / 6n, 0n, result))
      expect(table.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    }
  })

  it('cannot take another limit than the modulus or the prime', () => {
    const modulus = cheater().putCall(starts.mulMod, mulMod(6n, 7n, 5n, 7n), witnessOf(mulMod(5n, 7n, 5n, 0n)))
    modulus.putLimit(starts.mulMod, 8n).bound(starts.mulMod)
    expect(modulus.noticed()).toEqual({ tags: ['A256-LIMIT'], buses: ['memory'] })
    const curve = cheater()
    curve.add('limit', [starts.add], 1n)
    curve.bound(starts.add)
    expect(curve.noticed()).toEqual({ tags: ['A256-LIMIT'], buses: [] })
  })

  it('cannot have a result that is not reduced', () => {
    for (const [x3, y3, wrong] of [
      [5n, 6n, [5n + prime, 6n]],
      [5n, 6n, [5n, 6n + prime]],
      [0n, 6n, [prime, 6n]],
    ] as const) {
      const { operands, slope } = pointWith({ x3, y3 })
      const values = add(operands, wrong)
      const honestly = cheater().putCall(starts.add, add(operands, [x3, y3]))
      expect(honestly.putInverse(starts.add).noticed()).toEqual({ tags: [], buses: ['memory'] })
      const table = cheater().putCall(starts.add, values, curveWitness(values, slope)).putInverse(starts.add)
      expect(table.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    }
  })

  it('cannot use operands that are not reduced', () => {
    // x2 is x1 + p, so that the slope is free: the run is not 0 as a number.
    const [x1, y1, slope] = [5n, 6n, 1_000_000n]
    const values = add([x1, y1, x1 + prime, y1], onSlope(slope, x1, y1, x1))
    const table = cheater().putCall(starts.add, values, curveWitness(values, slope)).putInverse(starts.add)
    expect(table.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    const swapped = add([x1 + prime, y1, x1, y1], onSlope(slope, x1, y1, x1))
    const other = cheater().putCall(starts.add, swapped, curveWitness(swapped, slope)).putInverse(starts.add)
    expect(other.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
    // y is 0 in the field, and so is x.
    const flat = double(0n, prime, onSlope(slope, 0n, 0n, 0n))
    const doubled = cheater().putCall(starts.double, flat, curveWitness(flat, slope)).putInverse(starts.double)
    expect(doubled.noticed()).toEqual({ tags: [], buses: ['half', 'memory'] })
  })

  it('cannot choose the slope of equal points', () => {
    for (const slope of [0n, 1n, 0xabcd_0000_1234n]) {
      const values = add([gx, gy, gx, gy], onSlope(slope, gx, gy, gx))
      const table = cheater().putCall(starts.add, values, curveWitness(values, slope))
      expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
      // All other identities hold: with points that differ in x, the same witness would.
      expect(() => table.putInverse(starts.add)).toThrow(RangeError)
    }
  })

  it('cannot add opposite points', () => {
    // λ·0 = −2y has no solution: no carries, whatever the slope.
    const values = add([gx, gy, gx, prime - gy], [1n, 1n])
    for (const slope of [0n, 1n, 99n]) expect(() => curveWitness(values, slope)).toThrow(RangeError)
  })

  it('cannot choose the slope where y is 0', () => {
    for (const slope of [1n, 0xabcd_0000_1234n]) {
      const values = double(0n, 0n, onSlope(slope, 0n, 0n, 0n))
      const table = cheater().putCall(starts.double, values, curveWitness(values, slope))
      expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
      expect(() => table.putInverse(starts.double)).toThrow(RangeError)
    }
    // With another x there is no slope at all.
    expect(() => curveWitness(double(5n, 0n, onSlope(2n, 5n, 0n, 5n)), 2n)).toThrow(RangeError)
  })

  it('cannot take the run of other rows', () => {
    const equal = add([gx, gy, gx, gy], onSlope(3n, gx, gy, gx))
    const table = cheater().putCall(starts.add, equal, curveWitness(equal, 3n))
    // The upper rows of the other call have words that are not 0.
    for (const row of range(starts.add, callRows)) table.set('inverse', row, 1n)
    expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
  })

  it('cannot use a slope, quotient or carry of other limbs', () => {
    for (const name of ['slope', 'quotient0', 'quotient1', 'quotient2']) {
      const limb = cheater()
      limb.add(name, [starts.add + 3], 1n)
      expect(limb.noticed()).toEqual({ tags: identity, buses: [] })
    }
    for (const index of range(0, 6)) {
      const carry = cheater()
      carry.add(`carry${index}.low`, [starts.add + 3], 1n)
      expect(carry.noticed()).toEqual({ tags: identity, buses: [] })
    }
    // The same number in limbs that are no halves.
    const quotient = cheater()
    const { quotients, ...rest } = witnessOf(mulMod(largest, largest - 1n, prime, modulo(largest * (largest - 1n), prime)))
    quotient.putWitness(starts.mulMod, { ...rest, quotients })
    expect(quotient.noticed()).toEqual({ tags: [], buses: [] })
    quotient.add('quotient0', [starts.mulMod], 65536n)
    quotient.add('quotient0', [starts.mulMod + 1], -1n)
    // q(X)·m(X) is more by (2^16 − X)·m(X), and k(X) by m(X).
    range(0, callRows).forEach((limb) => {
      quotient.add('carry0.low', [starts.mulMod + limb], (prime >> BigInt(16 * limb)) % 65536n)
    })
    expect(quotient.noticed()).toEqual({ tags: [], buses: ['half'] })
  })

  it('cannot have other products than 512 bits hold', () => {
    const whole = largest * largest + largest
    const table = cheater().putCall(starts.mulAdd, mulAdd(largest, largest, largest, whole))
    expect(table.noticed()).toEqual({ tags: [], buses: ['memory'] })
    table.putWord('after', starts.mulAdd + callRows - 1, table.word('after', starts.mulAdd + callRows - 1) - 1n)
    expect(table.noticed()).toEqual({ tags: identity, buses: ['memory'] })
  })
})
