import { createHash } from 'node:crypto'
import { EVMError, type ExecResult, type PrecompileInput } from '@ethereumjs/evm'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bigintToBytes, bytesToBigint } from '../../core/index.ts'

const { G1, G2 } = bls12_381
const { Fp12, Fr } = bls12_381.fields
type G1Point = typeof G1.Point.BASE

/**
 * The generator of G2 times the secret of Ethereum's ceremony: the second of `g2_monomial` in the consensus specifications'
 * `presets/mainnet/trusted_setups/trusted_setup_4096.json`.
 */
const ceremonySecret =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2' +
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2'

let secretPoint: typeof G2.Point.BASE | undefined

function secretInG2(): typeof G2.Point.BASE {
  // Decoding takes longer than starting the node should.
  secretPoint ??= G2.Point.fromHex(ceremonySecret)
  return secretPoint
}

/** Undefined for bytes that are not the canonical compressed form of a point of the subgroup. */
function decodePoint(bytes: Uint8Array): G1Point | undefined {
  try {
    return G1.Point.fromBytes(bytes)
  } catch {
    return undefined
  }
}

export interface KzgOpening {
  /** 48 bytes. */
  readonly commitment: Uint8Array
  readonly z: bigint
  readonly y: bigint
  /** 48 bytes. */
  readonly proof: Uint8Array
}

/** Whether the committed polynomial has the value `y` at `z` (`verify_kzg_proof` of EIP-4844); false too for what is not canonical. */
export function isKzgOpening({ commitment, z, y, proof }: KzgOpening): boolean {
  const committed = decodePoint(commitment)
  const quotient = decodePoint(proof)
  if (committed === undefined || quotient === undefined || z >= Fr.ORDER || y >= Fr.ORDER) return false
  // (s - z) quotient = committed - y, with no multiplication in G2: e(y - committed - z quotient, 1) e(quotient, s) = 1.
  const rest = G1.Point.BASE.multiplyUnsafe(y).subtract(committed).subtract(quotient.multiplyUnsafe(z))
  const pairs = [
    { g1: rest, g2: G2.Point.BASE },
    { g1: quotient, g2: secretInG2() },
  ].filter(({ g1 }) => !g1.is0())
  return pairs.length === 0 || Fp12.eql(bls12_381.pairingBatch(pairs), Fp12.ONE)
}

function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = Uint8Array.from(createHash('sha256').update(commitment).digest())
  hash[0] = 1
  return hash
}

const inputLength = 192
const gas = 50_000n
const output = Uint8Array.from([...bigintToBytes(4096n, 32), ...bigintToBytes(Fr.ORDER, 32)])

const failed = (gasLimit: bigint, error: EVMError['error']): ExecResult => ({
  returnValue: new Uint8Array(0),
  executionGasUsed: gasLimit,
  exceptionError: new EVMError(error),
})

/**
 * Precompile 0x0a. The library's own would want a whole KZG implementation in the chain configuration, with which it would also take
 * blob transactions.
 */
export const pointEvaluation = {
  address: '0x000000000000000000000000000000000000000a',
  function({ data, gasLimit }: PrecompileInput): ExecResult {
    const { OUT_OF_GAS, INVALID_INPUT_LENGTH, INVALID_COMMITMENT, INVALID_PROOF } = EVMError.errorMessages
    if (gasLimit < gas) return failed(gasLimit, OUT_OF_GAS)
    if (data.length !== inputLength) return failed(gasLimit, INVALID_INPUT_LENGTH)
    const [commitment, proof] = [data.subarray(96, 144), data.subarray(144)]
    if (!versionedHash(commitment).every((byte, i) => byte === data[i])) return failed(gasLimit, INVALID_COMMITMENT)
    const [z, y] = [bytesToBigint(data.subarray(32, 64)), bytesToBigint(data.subarray(64, 96))]
    if (!isKzgOpening({ commitment, z, y, proof })) return failed(gasLimit, INVALID_PROOF)
    return { returnValue: output, executionGasUsed: gas }
  },
} as const
