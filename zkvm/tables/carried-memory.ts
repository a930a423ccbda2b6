import type { Cell } from './memory-state.ts'

/** What a segment knows of an address that it touches. */
export interface CarriedCell extends Cell {
  /** The segment that left `initial` there, plus 1; 0 where the address begins here. */
  readonly from: number
  /** Whether a later segment takes `value` from here. */
  readonly isKept: boolean
}

/** The cells of a run's only segment. */
export function onlyCells(cells: readonly Cell[]): CarriedCell[] {
  return cells.map((cell) => ({ ...cell, from: 0, isKept: false }))
}

/** Which segments of a run touch which addresses of a space: who takes from whom what they hold. */
export class CarriedMemory {
  /** By address: what it holds when the run begins, and the segments that list it, ascending. */
  readonly #histories = new Map<number, { readonly initial: number; readonly segments: number[] }>()

  /** Notes what a segment touched; one segment after the other. */
  record(segment: number, cells: readonly Cell[]): void {
    for (const { address, initial } of cells) {
      const history = this.#histories.get(address)
      // The first segment lists all addresses.
      if (history === undefined) this.#histories.set(address, { initial, segments: segment === 0 ? [0] : [0, segment] })
      else history.segments.push(segment)
    }
  }

  get size(): number {
    return this.#histories.size
  }

  /** The cells that a segment lists, ascending by address, once all segments are recorded. `touched` are those that it touches, ascending. */
  cellsOf(segment: number, touched: readonly Cell[]): CarriedCell[] {
    return (segment === 0 ? this.#all(touched) : touched).map((cell) => {
      const { segments = [] } = this.#histories.get(cell.address) ?? {}
      const place = segments.indexOf(segment)
      if (place < 0) throw new RangeError(`segment ${segment} was not recorded with the address ${cell.address}`)
      return { ...cell, from: place === 0 ? 0 : (segments[place - 1] ?? 0) + 1, isKept: place < segments.length - 1 }
    })
  }

  #all(touched: readonly Cell[]): Cell[] {
    const own = new Map(touched.map((cell) => [cell.address, cell]))
    const addresses = Uint32Array.from(this.#histories.keys()).sort()
    return Array.from(addresses, (address) => {
      const { initial = 0 } = this.#histories.get(address) ?? {}
      return own.get(address) ?? { address, initial, value: initial, timestamp: 0 }
    })
  }
}
