/**
 * A multiset that balances: what tables send on it, with multiplicities, is what tables and the verifier receive.
 * The id is part of each tuple's fingerprint, so that tuples of two buses never cancel.
 */
export interface Bus {
  readonly name: string
  readonly id: number
  /** Elements of a tuple. */
  readonly width: number
}

export const maxBusWidth = 16
