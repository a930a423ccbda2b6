/**
 * A multiset that balances: what tables send on it, with multiplicities, is what tables and the verifier receive.
 * The id is part of each tuple's fingerprint, so that tuples of two buses never cancel.
 */
export interface Bus {
  readonly name: string
  /** Below `busIds`. */
  readonly id: number
  /** Elements of a tuple. */
  readonly width: number
  /** A bus of the run balances over all of its segments and takes what the verifier sends; every other balances in each segment by itself. */
  readonly scope?: 'run'
}

/** Ids are below this: what is added to them for a segment is a multiple of it, so that no two buses of any two segments meet. */
export const busIds = 256

export const maxBusWidth = 16
