import type { Batch, BatchStatus } from '../chain/batch.ts'
import type { DevReason } from '../chain/dev-batch.ts'
import type { DevnetError } from '../errors.ts'
import type { Hex } from '../hex.ts'
import type { ProvingProgress } from './proving.ts'

/** What has gathered since the last sealed batch. */
export interface OpenBatch {
  readonly number: bigint
  readonly firstBlockNumber: bigint
  /** Null while it has no block. */
  readonly lastBlockNumber: bigint | null
  readonly transactionCount: number
  readonly stateDiffBytes: number
  /** Why it is a dev batch already; empty where it is none yet. */
  readonly devReasons: readonly DevReason[]
  /** Weighted; what the guest is expected to take at most. */
  readonly estimatedCycles: number
}

/** What the guest took for a part of a batch. */
export interface GuestCycles {
  /** Instructions. */
  readonly cycles: number
  /** The same with each system function at what it costs to prove. */
  readonly weightedCycles: number
}

export interface TransactionCycles extends GuestCycles {
  readonly batchNumber: bigint
}

/** Why the guest does not confirm a batch. */
export interface Divergence {
  /** `results`: guest and sequencer came to different ones. `limit`: the batch is more than the guest can execute. */
  readonly kind: 'results' | 'limit'
  readonly batchNumber: bigint
  /** Null where it is none of a block: in what the digest says of the batch as a whole. */
  readonly blockNumber: bigint | null
  /** One line. */
  readonly summary: string
  /** Which transactions, accounts and slots, a line each. */
  readonly details: readonly string[]
}

/** Merkle proof of an L2 → L1 message in its batch (docs/formats.md §4). */
export interface MessageProof {
  readonly batchNumber: bigint
  /** Index of the leaf. */
  readonly id: number
  readonly txNumberInBatch: number
  readonly sender: Hex
  readonly message: Uint8Array
  readonly proof: readonly Hex[]
  readonly root: Hex
}

/** An ETH deposit as the L2 node knows it. */
export interface Deposit {
  readonly inboxIndex: bigint
  readonly sender: Hex
  readonly to: Hex
  readonly amountGwei: bigint
  readonly l1TxHash: Hex
  /** Whether an L2 block has credited it. */
  readonly credited: boolean
  /** Block that credited it; null before that, and where the block is older than the node's history. */
  readonly l2BlockNumber: bigint | null
}

/** Where a sealed block stands in its batch. */
export interface BatchPosition {
  readonly batchNumber: bigint
  /** Timestamp of the batch's last block. */
  readonly lastTimestamp: bigint
  /** Transactions of the batch in earlier blocks: what `txNumberInBatch` of the block's first one is. */
  readonly transactionsBefore: number
}

export interface BatchReader {
  /** Newest batch with at least that status; 0 is the genesis batch. */
  latest(status?: BatchStatus): bigint
  batch(number: bigint): Batch | undefined
  /** Ascending, at most `limit` from `from` on. */
  batches(from: bigint, limit: number): readonly Batch[]
  batchOfBlock(blockNumber: bigint): bigint | undefined
  /** Undefined while the block's batch is open. */
  position(blockNumber: bigint): BatchPosition | undefined
  open(): OpenBatch
  stateDiff(number: bigint): Uint8Array | undefined
  /** The messages that a transaction sent, with proofs; null while its batch is not sealed. */
  messageProofs(transactionHash: Hex): readonly MessageProof[] | null
  /** What the guest took for the batch; undefined before it ran. */
  batchCycles(number: bigint): GuestCycles | undefined
  /** What the guest took for the transaction itself: without its share of the block's roots. Undefined before it ran. */
  transactionCycles(transactionHash: Hex): TransactionCycles | undefined
  deposit(inboxIndex: bigint): Deposit | undefined
}

/** How the batches get on with L1. */
export interface SettlementStatus {
  /** `unreachable`: waits for the L1 to answer. `blocked`: needs somebody to act on `error`. */
  readonly state: 'running' | 'unreachable' | 'blocked'
  readonly error: { readonly code: string; readonly message: string; readonly metaMessages: readonly string[] } | null
  /** The L1 transaction that is not mined yet. */
  readonly inFlight: { readonly action: string; readonly txHash: Hex; readonly nonce: number } | null
  /** The batch that the guest runs on; what comes after it waits. */
  readonly checking: BatchCheck | null
  /** What prover agents are at, oldest batch first. */
  readonly proving: readonly ProvingProgress[]
}

export interface BatchCheck {
  readonly batchNumber: bigint
  /** Instructions so far. */
  readonly cycles: number
  readonly durationMs: number
}

export interface SettlementReader {
  settlement(): SettlementStatus
  /** Why no more blocks are sealed at the moment; null when they are. */
  sealingStop(): DevnetError | null
}

export interface BatchControl {
  /** Closes the open batch now; null when it has no block. */
  seal(): Promise<bigint | null>
  /** Lets the proof of a committed batch, of which every attempt failed, be tried again. Throws `ProofNotFailedError`. */
  retryProof(number: bigint): Promise<void>
}
