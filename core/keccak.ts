import { createKeccak } from 'hash-wasm'
import { bytesToHex, type Hex } from './hex.ts'

// WebAssembly: 0.6 µs for 64 bytes and 1.8 µs for a branch node, on every platform; noble takes 6 and 22 µs.
const hasher = await createKeccak(256)

// The library takes an array's `.buffer`, for which V8 has to move the content of a small array out of its heap (hex.ts).
const small = new Uint8Array(new ArrayBuffer(64))

/** keccak256 (the Ethereum hash), 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  hasher.init()
  if (data.length > small.length) hasher.update(data)
  else {
    small.set(data)
    hasher.update(small.subarray(0, data.length))
  }
  return hasher.digest('binary')
}

/** keccak256 as hex. */
export function keccak256Hex(data: Uint8Array): Hex {
  return bytesToHex(keccak256(data))
}
