import type { Hex } from '../../core/index.ts'

/** What an account holds beside its storage. One that is empty in the sense of EIP-161 does not exist: `null`. */
export interface AccountFields {
  readonly nonce: bigint
  readonly balance: bigint
  /** keccak256 of the code; that of nothing for an account without code. */
  readonly codeHash: Hex
}

export interface SlotChange {
  readonly key: bigint
  readonly before: bigint
  readonly after: bigint
}

/** One account's difference over a block. `before` equals `after` where only slots changed. */
export interface AccountChange {
  readonly address: Hex
  readonly before: AccountFields | null
  readonly after: AccountFields | null
  /** Ascending by key, without no-ops. */
  readonly slots: readonly SlotChange[]
}

/** What a block did to the state: ascending by address, without no-ops. */
export type StateChanges = readonly AccountChange[]

/** What a block looked at or changed: ascending by address. A stateless client needs all of it. */
export type TouchedState = readonly TouchedAccount[]

export interface TouchedAccount {
  readonly address: Hex
  /** The code that it had before the block was read. */
  readonly codeRead: boolean
  /** Ascending. */
  readonly slots: readonly bigint[]
}
