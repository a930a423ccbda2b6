import { allocateWords } from '../../kernels/words.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { putCounts } from '../rows.ts'

const logHeight = 16
const height = 2 ** logHeight

/** Counts lookups in the bytes table while the other tables are filled. Values are numbers below 2^32. */
export class ByteLookups {
  readonly #halves = new Uint32Array(height)
  readonly #pairs = new Uint32Array(height)
  readonly #ands = new Uint32Array(height)
  readonly #powers = new Uint32Array(height)

  half(value: number): void {
    this.#halves[value] = (this.#halves[value] ?? 0) + 1
  }

  /** Both halves of a 32-bit number. */
  word(value: number): void {
    this.half(value & 0xffff)
    this.half(value >>> 16)
  }

  pair(x: number, y: number): void {
    const row = (y << 8) | x
    this.#pairs[row] = (this.#pairs[row] ?? 0) + 1
  }

  and(x: number, y: number): void {
    const row = (y << 8) | x
    this.#ands[row] = (this.#ands[row] ?? 0) + 1
  }

  /** Counted in the rows with y = 0, of which there is one for each x. */
  power(x: number): void {
    this.#powers[x] = (this.#powers[x] ?? 0) + 1
  }

  main(): BigUint64Array {
    const main = allocateWords(4 * height)
    for (const [column, counts] of [this.#halves, this.#pairs, this.#ands, this.#powers].entries()) {
      putCounts(main.subarray(column * height), counts)
    }
    return main
  }
}

export function bytesFixed(): FixedColumns {
  const values = new BigUint64Array(5 * height)
  for (let row = 0; row < height; row++) {
    const x = row & 0xff
    const y = row >>> 8
    const shift = BigInt(x & 31)
    values[row] = BigInt(x)
    values[height + row] = BigInt(y)
    values[2 * height + row] = BigInt(x & y)
    values[3 * height + row] = 1n << shift
    values[4 * height + row] = 1n << (31n - shift)
  }
  return { logHeight, values }
}
