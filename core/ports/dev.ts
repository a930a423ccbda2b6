import type { Hex } from '../hex.ts'
import type { StateView } from './chain.ts'

/** New values of one account; what is left out stays. */
export interface AccountEdit {
  readonly address: Hex
  readonly nonce?: bigint
  readonly balance?: bigint
  readonly code?: Uint8Array
  readonly slots?: readonly { readonly key: bigint; readonly value: bigint }[]
}

/** An account with all that it holds. */
export interface AccountDump {
  readonly address: Hex
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  /** Without zeros, ascending. */
  readonly slots: readonly { readonly key: bigint; readonly value: bigint }[]
}

/** Header fields of coming blocks that somebody set. */
export interface BlockSettings {
  /** Until changed. Null: the sequencer's own. */
  readonly coinbase: Hex | null
  /** Until changed. Null: the one of the rules. */
  readonly gasLimit: bigint | null
  /** Of the next block only. */
  readonly nextBaseFeePerGas: bigint | null
  /** Of the next block only. */
  readonly nextPrevRandao: Hex | null
  /** Seconds from a block's timestamp to the next one's, until changed. Null: as the clock says. */
  readonly timestampInterval: bigint | null
}

/**
 * What no rollup may do and a devnet wants to: what the guest would not accept makes the batch a dev batch (docs/adr/0007-dev-batches.md).
 * Methods that do this throw `DevBatchesNotAllowedError` where L1 takes no dev batches.
 */
export interface DevControl {
  /**
   * Changes accounts between two blocks. Seen at once, stored when it resolves, part of the state that the next block starts from.
   * Throws `StateEditTooLargeError` where one account's edit fits no L1 transaction.
   */
  edit(change: (state: StateView) => readonly AccountEdit[]): Promise<void>
  /** Every account of the newest state, ascending by address. */
  dump(): Promise<readonly AccountDump[]>

  isImpersonated(address: Hex): boolean
  impersonate(address: Hex): Promise<void>
  /** False where it was not impersonated by name. */
  stopImpersonating(address: Hex): Promise<boolean>
  /** Every account, from now on, or none but those by name. */
  setAutoImpersonation(enabled: boolean): Promise<void>
  /**
   * Accepts a transaction whose signature is `impersonationSignature` of its sender, whoever that is.
   * @returns its hash
   * @throws InvalidTransactionError
   */
  submitImpersonated(raw: Uint8Array): Promise<Hex>

  blockSettings(): BlockSettings
  setBlock(changes: Partial<BlockSettings>): Promise<void>

  /** Takes a transaction out of the pool; false where it is not there. */
  drop(hash: Hex): Promise<boolean>
  /** Empties the pool, or takes out what one sender has there. */
  dropAll(sender?: Hex): Promise<void>
  /** Forgets settings and impersonations. */
  forget(): Promise<void>
}
