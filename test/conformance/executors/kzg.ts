import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { CommonOptions } from '../../../stf/chain-config.ts'

const { G1, G2, fields, pairingBatch } = bls12_381
const { Fr, Fp12 } = fields

/** [τ]₂ of the KZG ceremony (consensus-specs, trusted_setup_4096.json: the second of g2_monomial). */
const tauG2 = G2.Point.fromHex(
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2',
)

type G1Point = InstanceType<typeof G1.Point>
type G2Point = InstanceType<typeof G2.Point>

function point(hex: string): G1Point {
  const decoded = G1.Point.fromHex(hex.replace(/^0x/, ''))
  decoded.assertValidity()
  return decoded
}

function decodedPoint(hex: string): G1Point {
  return /^(0x)?c00*$/.test(hex) ? G1.Point.ZERO : point(hex)
}

function scalar(hex: string): bigint {
  const value = BigInt(hex)
  if (value >= Fr.ORDER) throw new RangeError(`${hex} is no field element`)
  return value
}

const times = <P extends G1Point | G2Point>(base: P, factor: bigint): P => base.multiplyUnsafe(factor) as P

/** Whether the committed polynomial has the value y at z: e(C − [y]₁, −[1]₂) · e(π, [τ − z]₂) = 1 (EIP-4844). */
function verifyProof(commitment: string, z: string, y: string, proof: string): boolean {
  const pairs = [
    { g1: decodedPoint(commitment).subtract(times(G1.Point.BASE, scalar(y))), g2: G2.Point.BASE.negate() },
    { g1: decodedPoint(proof), g2: tauG2.subtract(times(G2.Point.BASE, scalar(z))) },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0())
  return Fp12.eql(pairingBatch(pairs), Fp12.ONE)
}

const isNotHere = (): never => {
  throw new Error('Only verifyProof is here: nothing else is asked for in a block.')
}

/** Point evaluation for @ethereumjs/evm. */
export const kzg: NonNullable<CommonOptions['kzg']> = {
  verifyProof,
  blobToKzgCommitment: isNotHere,
  computeBlobProof: isNotHere,
  verifyBlobProofBatch: isNotHere,
  computeCells: isNotHere,
  computeCellsAndProofs: isNotHere,
  recoverCellsAndProofs: isNotHere,
  verifyCellKzgProofBatch: isNotHere,
}
