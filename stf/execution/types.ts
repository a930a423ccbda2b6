import type { Common } from '@ethereumjs/common'
import type { TypedTransaction } from '@ethereumjs/tx'
import type { BlockHeader, Hex, Log, Receipt, SealedBlock, Withdrawal } from '../../core/index.ts'
import type { StateCommit, WorldState } from '../state/world-state.ts'

export interface BlockExecutionOptions {
  readonly common: Common
  /**
   * Without uncommitted changes. Its root is usually the parent's, but not after cheats or a dev batch.
   * The execution is its only writer until it is sealed or abandoned.
   */
  readonly state: WorldState
  readonly parent: BlockHeader
  /** Greater than the parent's. */
  readonly timestamp: bigint
  readonly coinbase: Hex
  readonly prevRandao: Hex
  /** At most 32 bytes. */
  readonly extraData: Hex
  /** Credited at the end of the block; at most `rules.maxDepositsPerBlock`. */
  readonly deposits: readonly Withdrawal[]
  /** Becomes `parentBeaconBlockRoot`. */
  readonly inboxRoot: Hex
  /**
   * Where the block may be one of a dev batch (docs/adr/0007-dev-batches.md): instead of the pinned gas limit and the derived base fee.
   * Unsigned transactions are taken from their bytes then.
   */
  readonly overrides?: { readonly gasLimit?: bigint; readonly baseFeePerGas?: bigint }
  readonly console?: ConsoleListener
}

/** What a transaction logs by Hardhat's or Foundry's `console` library. */
export type ConsoleListener = (entry: { readonly transaction: Hex; readonly text: string }) => void

/** A transaction that came into the block. */
export interface TransactionOutcome {
  readonly transaction: TypedTransaction
  readonly hash: Hex
  readonly sender: Hex
  readonly index: number
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly createdAddress: Hex | null
  /** geth's wording: `execution reverted`, `out of gas`, …; null when it succeeded. */
  readonly error: string | null
  readonly returnData: Uint8Array
  readonly logs: readonly Pick<Log, 'address' | 'topics' | 'data'>[]
}

export interface ExecutedBlock {
  readonly block: SealedBlock
  readonly rlp: Uint8Array
  readonly receipts: readonly Receipt[]
  readonly commit: StateCommit
}
