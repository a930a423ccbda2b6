import { createKeccak } from 'hash-wasm'
import { bytesToHex, type Hex } from './hex.ts'

// WebAssembly: 0.7 µs for 64 bytes and 1.5 µs for a branch node, on every platform; noble takes 6 and 22 µs.
const hasher = await createKeccak(256)

/** keccak256 (the Ethereum hash), 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  hasher.init()
  hasher.update(data)
  return hasher.digest('binary')
}

/** keccak256 as hex. */
export function keccak256Hex(data: Uint8Array): Hex {
  return bytesToHex(keccak256(data))
}
