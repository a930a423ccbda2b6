import { bigintToBytes, bytesToHex, concatBytes, type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import { encodeRlp } from '../rlp.ts'

/** Where a creation by this account at this nonce puts its contract. */
export function contractAddress(creator: Hex, nonce: bigint): Hex {
  return bytesToHex(keccak256(encodeRlp([creator, nonce])).subarray(12))
}

/** The same of CREATE2 (EIP-1014). */
export function create2Address(creator: Hex, salt: bigint, initCode: Uint8Array): Hex {
  const preimage = concatBytes(Uint8Array.of(0xff), hexToBytes(creator), bigintToBytes(salt, 32), keccak256(initCode))
  return bytesToHex(keccak256(preimage).subarray(12))
}
