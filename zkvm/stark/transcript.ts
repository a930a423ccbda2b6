import { keccak256 } from '../../core/index.ts'
import { type Extension, isInBase, power } from '../field/extension.ts'
import { modulus } from '../field/goldilocks.ts'
import { concat } from './encoding.ts'

/**
 * Fiat–Shamir. The state is 32 bytes: absorbing replaces it by H(state ‖ message); output block i since then is H(state ‖ i), i as 8
 * big-endian bytes. A challenge of the field is the next 8-byte big-endian word of the output below the prime, so that each is equally likely.
 * The messages of a proof have lengths that the number of segments and their heights fix, so that no two sequences of messages hash alike.
 */
export class Transcript {
  #state: Uint8Array
  #blocks = 0
  #words: bigint[] = []

  /** `protocol` separates this protocol from any other use of the hash. */
  constructor(protocol: string) {
    this.#state = keccak256(new TextEncoder().encode(protocol))
  }

  /** For grinding, which searches a message that leads to a certain state. */
  get state(): Uint8Array {
    return this.#state.slice()
  }

  absorb(message: Uint8Array): void {
    this.#state = keccak256(concat(this.#state, message))
    this.#blocks = 0
    this.#words = []
  }

  element(): bigint {
    for (;;) {
      const word = this.#word()
      if (word < modulus) return word
    }
  }

  extension(): Extension {
    return [this.element(), this.element(), this.element()]
  }

  /** A point none of whose powers up to `maxPower` (a power of two) is in the base field, where the evaluation domain lies. */
  pointOutsideBase(maxPower: number): Extension {
    for (;;) {
      const point = this.extension()
      if (isOutsideBase(point, maxPower)) return point
    }
  }

  /** `count` different integers below 2^logBound, ascending. Throws RangeError where there are not as many. */
  distinctIndices(count: number, logBound: number): number[] {
    if (count > 2 ** logBound) throw new RangeError(`there are no ${count} integers below 2^${logBound}`)
    const mask = (1n << BigInt(logBound)) - 1n
    const indices = new Set<number>()
    while (indices.size < count) indices.add(Number(this.#word() & mask))
    return [...indices].sort((a, b) => a - b)
  }

  #word(): bigint {
    if (this.#words.length === 0) {
      const block = keccak256(concat(this.#state, bigEndian(BigInt(this.#blocks++))))
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
      this.#words = [0, 8, 16, 24].map((at) => view.getBigUint64(at))
    }
    const word = this.#words.shift()
    if (word === undefined) throw new RangeError('a block of output has four words')
    return word
  }
}

export function isOutsideBase(point: Extension, maxPower: number): boolean {
  for (let exponent = 1; exponent <= maxPower; exponent *= 2) {
    if (isInBase(power(point, BigInt(exponent)))) return false
  }
  return true
}

function bigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}
