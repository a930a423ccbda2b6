import { rootOfUnity } from '../field/goldilocks.ts'

/** A thread's twiddles: of each subgroup, and of one coset a height at a time, because transforms that follow each other are mostly on the same one. */
export class Twiddles<Place> {
  readonly #known = new Map<string, { readonly place: Place; readonly shift: bigint }>()
  readonly #allocate: (words: number) => Place
  readonly #fill: (place: Place, log: number, root: bigint, shift: bigint) => void

  constructor(allocate: (words: number) => Place, fill: (place: Place, log: number, root: bigint, shift: bigint) => void) {
    this.#allocate = allocate
    this.#fill = fill
  }

  of(log: number, shift: bigint): Place {
    const kind = `${shift === 1n ? 'subgroup' : 'coset'}${log}`
    const known = this.#known.get(kind)
    if (known?.shift === shift) return known.place
    const place = known?.place ?? this.#allocate(2 ** log)
    this.#fill(place, log, rootOfUnity(log), shift)
    this.#known.set(kind, { place, shift })
    return place
  }
}
