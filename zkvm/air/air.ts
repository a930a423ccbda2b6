import type { Bus } from './bus.ts'
import type { Table } from './table.ts'

/** What the verifier itself sends on a bus: how public values enter. Received where the multiplicity is negative. */
export interface PublicInteraction {
  readonly bus: Bus
  readonly multiplicity: bigint
  readonly tuple: readonly bigint[]
}

/** A set of tables that together state something of public values. */
export interface Air {
  readonly name: string
  readonly tables: readonly Table[]
  /** `publicValues` are canonical elements. Throws RangeError where there are too few or too many of them. */
  publicInteractions(publicValues: readonly bigint[]): readonly PublicInteraction[]
}

/** The rows of one table: a typed array per column, each of the table's height. */
export interface Trace {
  readonly logHeight: number
  /** Column after column, one array of (columns × height) canonical elements. */
  readonly main: BigUint64Array
}
