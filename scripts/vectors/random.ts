import { bigintToBytes, bytesToBigint, bytesToHex, concatBytes, type Hex, keccak256 } from '../../core/index.ts'

/** Reproducible on every platform and with every version of every library: keccak256(seed ‖ counter). */
export class VectorRandom {
  readonly #seed: Uint8Array
  #counter = 0n

  constructor(seed: string) {
    this.#seed = new TextEncoder().encode(seed)
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) out.set(this.#word().subarray(0, Math.min(32, length - at)), at)
    return out
  }

  hex(length: number): Hex {
    return bytesToHex(this.bytes(length))
  }

  below(limit: number): number {
    return Number(bytesToBigint(this.#word()) % BigInt(limit))
  }

  /** Any number of bytes up to `maxBytes` is as likely as any other. */
  uint(maxBytes: number): bigint {
    return bytesToBigint(this.bytes(this.below(maxBytes + 1)))
  }

  #word(): Uint8Array {
    return keccak256(concatBytes(this.#seed, bigintToBytes(this.#counter++, 8)))
  }
}
