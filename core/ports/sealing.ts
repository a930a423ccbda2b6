import type { Hex } from '../hex.ts'

export interface PooledTransaction {
  readonly hash: Hex
  readonly raw: Uint8Array
  readonly sender: Hex
  readonly nonce: bigint
}

/** A transaction that a crash of the node does not lose any more. */
export interface AcceptedTransaction {
  readonly hash: Hex
  /** Resolves, and never rejects, when its block is the newest, or when it has to wait for another transaction or for a block. */
  readonly sealed: Promise<void>
}

/** Transactions that are accepted and not yet sealed. They survive a crash of the node. */
export interface TransactionPool {
  /**
   * Accepts a signed transaction; with automine it is sealed before this resolves.
   * @returns its hash
   * @throws InvalidTransactionError with geth's wording
   */
  submit(raw: Uint8Array): Promise<Hex>
  /** The same, but with automine it resolves as soon as the transaction is executed and on disk. */
  accept(raw: Uint8Array): Promise<AcceptedTransaction>
  find(hash: Hex): PooledTransaction | undefined
  /** Nonce that the sender's next transaction needs, counting executable pooled ones. */
  nextNonce(sender: Hex): bigint
  /** Executable now, in sealing order. */
  pending(): readonly PooledTransaction[]
  /** Waiting for an earlier nonce. */
  queued(): readonly PooledTransaction[]
}

/** What evm_mine and its kin do. */
export interface SealingControl {
  /** Seals blocks from the pool (empty ones too). `timestamp` is that of the first. Returns the head's number. */
  mine(options?: { readonly blocks?: number; readonly intervalSeconds?: bigint; readonly timestamp?: bigint }): Promise<bigint>
  automine(): boolean
  /** Milliseconds between blocks; 0 where there is no interval sealing. */
  intervalMs(): number
  setAutomine(enabled: boolean): Promise<void>
  /** Milliseconds between blocks; 0 = no interval sealing. */
  setIntervalMs(intervalMs: number): Promise<void>
  /** Shifts the clock of coming blocks; returns the total offset in seconds. */
  increaseTime(seconds: bigint): Promise<bigint>
  /** Timestamp of exactly the next block; throws `TimestampTooOldError` unless it is after the head's. */
  setNextBlockTimestamp(timestamp: bigint): Promise<void>
  /** Moves the clock so that the next block's timestamp is at least this. */
  setTime(timestamp: bigint): Promise<void>
  /** Timestamp, number and base fee that a block sealed now would have. */
  nextBlock(): {
    readonly number: bigint
    readonly timestamp: bigint
    readonly baseFeePerGas: bigint
    readonly coinbase: Hex
    readonly prevRandao: Hex
    readonly gasLimit: bigint
  }
}

/** Snapshots of the whole devnet: L2 head, pool, batches, jobs and, where the L1 is ours, the L1. */
export interface Snapshots {
  take(): Promise<bigint>
  /** False for an unknown id. Drops this snapshot and all later ones. Throws `SnapshotBelowCommittedBatchError` on an external L1. */
  revert(id: bigint): Promise<boolean>
  /**
   * Goes back to where this process started (for a new devnet, its genesis) and drops all snapshots.
   * Throws `SnapshotBelowCommittedBatchError` on an external L1.
   */
  reset(): Promise<void>
  /** Drops the blocks above; L1 stays. Throws `RollbackBelowCommittedBatchError`. */
  rollbackTo(block: bigint): Promise<void>
}
