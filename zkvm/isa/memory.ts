import { addressMap } from './address-map.ts'

/**
 * RAM, indexed by address; what lies below `ramStart` is never used. Operating systems give pages when they are first written, so a run takes
 * the memory that it touches, not what is reserved here. The views alias one buffer and need a little-endian host, which every platform
 * that runs Node is.
 */
export interface Memory {
  readonly bytes: Uint8Array
  readonly halves: Uint16Array
  readonly words: Int32Array
}

export function createMemory(): Memory {
  const buffer = new ArrayBuffer(addressMap.ramEnd)
  return { bytes: new Uint8Array(buffer), halves: new Uint16Array(buffer), words: new Int32Array(buffer) }
}

export function isInRam(address: number, length: number): boolean {
  return address >= addressMap.ramStart && length <= addressMap.ramEnd - address
}
