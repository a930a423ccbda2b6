import type { Trace } from '../air/air.ts'
import { allocateWords } from '../kernels/words.ts'

const initialRows = 1024
const tileRows = 32

/** Collects rows of 32-bit numbers, as many as come. */
export class RowBuffer {
  readonly width: number
  #cells: Uint32Array
  #count = 0

  constructor(width: number) {
    this.width = width
    this.#cells = new Uint32Array(initialRows * width)
  }

  get count(): number {
    return this.#count
  }

  /** Appends an empty row and returns where its cells begin in `cells`. */
  append(): number {
    const start = this.#count * this.width
    if (start + this.width > this.#cells.length) {
      const larger = new Uint32Array(allocateWords(this.#cells.length).buffer)
      larger.set(this.#cells)
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

  /** The rows as columns of field elements; rows past the last one are 0. */
  toTrace(logHeight: number): Trace {
    const height = 2 ** logHeight
    if (this.#count > height) throw new RangeError(`${this.#count} rows do not fit into 2^${logHeight}`)
    // In shared memory, so that the prover's threads read it without a copy.
    const main = allocateWords(this.width * height)
    // Two 32-bit words an element, the low one first: bigints would cost more than all the rest.
    const words = new Uint32Array(main.buffer)
    // A few rows at a time, so that what a column gets lies in the same cache lines: half the time that row by row takes.
    for (let first = 0; first < this.#count; first += tileRows) {
      const end = Math.min(first + tileRows, this.#count)
      for (let column = 0; column < this.width; column++) {
        for (let row = first; row < end; row++) words[2 * (column * height + row)] = this.#cells[row * this.width + column] ?? 0
      }
    }
    return { logHeight, main }
  }
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
