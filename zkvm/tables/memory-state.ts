/** What a prover knows of one address: what it held at the start, what it holds, and when it was last accessed. */
export interface Cell {
  readonly address: number
  readonly initial: number
  value: number
  timestamp: number
}

/** The registers or the words of RAM that a run has touched. Values are unsigned. */
export class MemoryState {
  readonly #cells = new Map<number, Cell>()

  /**
   * The cell before an access at `timestamp`, which leaves `value` there. `before` is what it holds, for an address that was not touched yet.
   * Returns the timestamp of the access before.
   */
  access(address: number, before: number, value: number, timestamp: number): number {
    const cell = this.#cells.get(address)
    if (cell === undefined) {
      this.#cells.set(address, { address, initial: before >>> 0, value: value >>> 0, timestamp })
      return 0
    }
    const previous = cell.timestamp
    cell.value = value >>> 0
    cell.timestamp = timestamp
    return previous
  }

  get size(): number {
    return this.#cells.size
  }

  /** Ascending by address. */
  cells(): Cell[] {
    return [...this.#cells.values()].sort((a, b) => a.address - b.address)
  }
}
