import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { bigintToBytes } from '../../core/index.ts'
import { join } from './precompile-calls.ts'

/** Operands of EIP-2537, encoded, from a library that shares nothing with the guest. */

const { Fp, Fp2, Fr } = bls12_381.fields
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
type G1Point = typeof G1.BASE
type G2Point = typeof G2.BASE

export const prime = Fp.ORDER
export const order = Fr.ORDER

/** 64 bytes for each number. */
export const elements = (...values: readonly bigint[]): Uint8Array => join(...values.map((value) => bigintToBytes(value, 64)))

export function encodeG1(point: G1Point): Uint8Array {
  if (point.is0()) return new Uint8Array(128)
  const { x, y } = point.toAffine()
  return elements(x, y)
}

export function encodeG2(point: G2Point): Uint8Array {
  if (point.is0()) return new Uint8Array(256)
  const { x, y } = point.toAffine()
  return elements(x.c0, x.c1, y.c0, y.c1)
}

/** The first points of the curves by their x. Not one of them is in the subgroup, of which is one point in 2^125. */
function outsiders<P>(count: number, pointAt: (x: bigint) => P): P[] {
  const points: P[] = []
  for (let x = 0n; points.length < count; x++) {
    try {
      points.push(pointAt(x))
    } catch {
      // No point has this x.
    }
  }
  return points
}
const outsidersG1 = outsiders(4, (x) => G1.fromAffine({ x, y: Fp.sqrt(Fp.create(x ** 3n + 4n)) }))
const outsidersG2 = outsiders(4, (c1) => {
  const x = Fp2.create({ c0: 3n, c1 })
  return G2.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.pow(x, 3n), Fp2.create({ c0: 4n, c1: 4n }))) })
})

export const scalar = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, order - 1n, order, order + 1n, 2n * order - 1n, (1n << 255n) + 1n, (1n << 256n) - 1n),
  fc.bigInt(0n, (1n << 256n) - 1n),
)
const factor = fc.oneof(
  { arbitrary: fc.constantFrom(1n, 2n, 3n, order - 1n, order - 2n), weight: 1 },
  { arbitrary: fc.bigInt(1n, order - 1n), weight: 1 },
)

export const timesG1 = (value: bigint): Uint8Array => encodeG1(G1.BASE.multiplyUnsafe(Fr.create(value)))
export const timesG2 = (value: bigint): Uint8Array => encodeG2(G2.BASE.multiplyUnsafe(Fr.create(value)))

interface Points {
  /** Of the subgroup, with infinity. */
  readonly subgroup: fc.Arbitrary<Uint8Array>
  /** Of the curve: with others, and their sums with those of the subgroup. */
  readonly curve: fc.Arbitrary<Uint8Array>
  readonly outside: Uint8Array
  readonly pairSize: number
}

const [outsideG1 = G1.BASE] = outsidersG1
const [outsideG2 = G2.BASE] = outsidersG2

export const pointsG1: Points = {
  subgroup: fc.oneof({ arbitrary: fc.constant(0n), weight: 1 }, { arbitrary: factor, weight: 6 }).map(timesG1),
  curve: fc.oneof(
    factor.map(timesG1),
    fc.constantFrom(...outsidersG1.flatMap((point) => [point, point.negate(), point.double()])).map(encodeG1),
    fc.tuple(factor, fc.constantFrom(...outsidersG1)).map(([k, point]) => encodeG1(G1.BASE.multiplyUnsafe(k).add(point))),
    fc.constant(encodeG1(G1.ZERO)),
  ),
  outside: encodeG1(outsideG1),
  pairSize: 160,
}

export const pointsG2: Points = {
  subgroup: fc.oneof({ arbitrary: fc.constant(0n), weight: 1 }, { arbitrary: factor, weight: 6 }).map(timesG2),
  curve: fc.oneof(
    factor.map(timesG2),
    fc.constantFrom(...outsidersG2.flatMap((point) => [point, point.negate(), point.double()])).map(encodeG2),
    fc.tuple(factor, fc.constantFrom(...outsidersG2)).map(([k, point]) => encodeG2(G2.BASE.multiplyUnsafe(k).add(point))),
    fc.constant(encodeG2(G2.ZERO)),
  ),
  outside: encodeG2(outsideG2),
  pairSize: 288,
}

/** An encoded point's negative. */
export function negated(point: Uint8Array): Uint8Array {
  const half = point.length / 2
  const copy = Uint8Array.from(point)
  for (let at = half; at < point.length; at += 64) {
    const value = BigInt(`0x${Buffer.from(point.subarray(at, at + 64)).toString('hex')}`)
    copy.set(elements(value === 0n ? 0n : prime - value), at)
  }
  return copy
}

/** What one field element of a good input is replaced by; the sum keeps the element and leaves its canonical form. */
const replacement: fc.Arbitrary<(value: bigint) => bigint> = fc.oneof(
  fc
    .constantFrom(0n, 1n, prime - 1n, prime, prime + 1n, (1n << 381n) - 1n, (1n << 384n) - 1n, 1n << 384n, (1n << 512n) - 1n)
    .map((value) => () => value),
  fc.constant((value: bigint) => value + prime),
  fc.constant((value: bigint) => value + (1n << 384n)),
  fc.constant((value: bigint) => value + (1n << 511n)),
  fc.constant((value: bigint) => value ^ 1n),
)

/** Mostly good inputs; in some one field element is another, in some the length. */
export function spoiled(input: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const changed = fc.tuple(input, fc.nat(), replacement).map(([good, position, replace]) => {
    if (good.length < 64) return good
    const at = 64 * (position % Math.floor(good.length / 64))
    const value = BigInt(`0x${Buffer.from(good.subarray(at, at + 64)).toString('hex')}`)
    return join(good.subarray(0, at), elements(replace(value)), good.subarray(at + 64))
  })
  const cut = fc.tuple(input, fc.nat()).map(([good, length]) => good.subarray(0, length % (good.length + 1)))
  const longer = input.map((good) => join(good, new Uint8Array(1)))
  return fc.oneof(
    { arbitrary: input, weight: 6 },
    { arbitrary: changed, weight: 4 },
    { arbitrary: cut, weight: 1 },
    { arbitrary: longer, weight: 1 },
  )
}
