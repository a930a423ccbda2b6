import type { Hex } from '../../core/index.ts'
import type { AccountFields } from './changes.ts'

/** Reads of a state in the middle of an execution, for those who only watch it. */
export interface StateNow {
  /** Null for an account that does not exist. */
  account(address: Hex): AccountFields | null
  code(address: Hex): Uint8Array
  slot(address: Hex, slot: bigint): bigint
}
