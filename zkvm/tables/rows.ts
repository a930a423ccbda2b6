import type { Trace } from '../air/air.ts'
import { WordPool } from '../kernels/word-pool.ts'
import type { Words } from '../kernels/words.ts'

const initialRows = 1024
const tileRows = 32

/** Collects rows of 32-bit numbers, as many as come. */
export class RowBuffer {
  readonly width: number
  readonly #memory: WordPool
  #words: Words
  #cells: Uint32Array
  #count = 0

  /** Memory is taken from the pool; `expected` rows come without asking again. */
  constructor(width: number, memory: WordPool = new WordPool(), expected: number = initialRows) {
    this.width = width
    this.#memory = memory
    this.#words = memory.take(Math.ceil((Math.max(expected, 1) * width) / 2))
    this.#cells = cellsOf(this.#words).fill(0)
  }

  get count(): number {
    return this.#count
  }

  /** Appends an empty row and returns where its cells begin in `cells`. */
  append(): number {
    const start = this.#count * this.width
    if (start + this.width > this.#cells.length) {
      const words = this.#memory.take(this.#cells.length)
      const larger = cellsOf(words)
      larger.set(this.#cells)
      larger.fill(0, this.#cells.length)
      this.#memory.give(this.#words)
      this.#words = words
      this.#cells = larger
    }
    this.#count++
    return start
  }

  /** Not to be kept across `append`. */
  get cells(): Uint32Array {
    return this.#cells
  }

  get(row: number, column: number): number {
    return this.#cells[row * this.width + column] ?? 0
  }

  /** The rows are not needed any more, nor can others come. */
  release(): void {
    this.#memory.give(this.#words)
    this.#words = new BigUint64Array(new SharedArrayBuffer(0))
    this.#cells = cellsOf(this.#words)
  }

  /** The rows as columns of field elements; rows past the last one are 0. */
  toTrace(logHeight: number): Trace {
    const height = 2 ** logHeight
    if (this.#count > height) throw new RangeError(`${this.#count} rows do not fit into 2^${logHeight}`)
    // In shared memory, so that the prover's threads read it without a copy.
    const main = this.#memory.take(this.width * height)
    // Two 32-bit words an element, the low one first: bigints would cost more than all the rest.
    const words = cellsOf(main)
    // A few rows at a time, so that what a column gets lies in the same cache lines: half the time that row by row takes.
    for (let first = 0; first < this.#count; first += tileRows) {
      const end = Math.min(first + tileRows, this.#count)
      for (let column = 0; column < this.width; column++) {
        for (let row = first; row < end; row++) {
          const place = 2 * (column * height + row)
          words[place] = this.#cells[row * this.width + column] ?? 0
          words[place + 1] = 0
        }
      }
    }
    for (let column = 0; column < this.width; column++) words.fill(0, 2 * (column * height + this.#count), 2 * (column + 1) * height)
    return { logHeight, main }
  }
}

/** The same memory as 32-bit numbers: two an element, the low one first. */
export function cellsOf({ buffer, byteOffset, length }: Words): Uint32Array {
  return new Uint32Array(buffer, byteOffset, 2 * length)
}

/** Numbers as elements from the beginning of `column` on. */
export function putCounts(column: Words, counts: ArrayLike<number>): void {
  const cells = cellsOf(column)
  for (let row = 0; row < counts.length; row++) cells[2 * row] = counts[row] ?? 0
}

/** Positions of a table's main columns by name, so that a trace is filled by the names that its constraints use. */
export function columnsOf(table: { readonly name: string; readonly mainColumns: readonly string[] }): (name: string) => number {
  const positions = new Map(table.mainColumns.map((name, index) => [name, index]))
  return (name) => {
    const position = positions.get(name)
    if (position === undefined) throw new RangeError(`${table.name} has no column ${name}`)
    return position
  }
}
