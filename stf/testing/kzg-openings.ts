import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bigintToBytes, concatBytes } from '../../core/index.ts'
import type { KzgOpening } from '../execution/point-evaluation.ts'

const { Point } = bls12_381.G1
const { Fr } = bls12_381.fields
const times = (point: typeof Point.BASE, factor: bigint) => point.multiplyUnsafe(Fr.create(factor))

/** The generator of G1 times the secret of Ethereum's ceremony (the second of `g1_monomial` in trusted_setup_4096.json). */
const secret = Point.fromHex('ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81')

export interface LinearPolynomial {
  readonly slope: bigint
  readonly constant: bigint
}

/** The opening of slope * x + constant at z, whose quotient is the slope. */
export function openingOf({ slope, constant }: LinearPolynomial, z: bigint): KzgOpening {
  return {
    commitment: times(secret, slope).add(times(Point.BASE, constant)).toBytes(),
    z,
    y: Fr.create(slope * z + constant),
    proof: times(Point.BASE, slope).toBytes(),
  }
}

/** The input of precompile 0x0a. */
export function openingInput({ commitment, z, y, proof }: KzgOpening): Uint8Array {
  const hash = Uint8Array.from(createHash('sha256').update(commitment).digest())
  hash[0] = 1
  return concatBytes(hash, bigintToBytes(z, 32), bigintToBytes(y, 32), commitment, proof)
}
