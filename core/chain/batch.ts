import type { Hex } from '../hex.ts'
import type { DevReason } from './dev-batch.ts'

/** How L1 was convinced. An attestation is trust in the prover's key, not a validity proof. */
export type ProofType = 'attested' | 'stark'

/** Of a batch: how L1 was convinced, or `dev`, where it was not (docs/adr/0007-dev-batches.md). */
export type BatchProofType = ProofType | 'dev'

/** The life of a batch (architecture.md §2). `open` = still taking blocks, not numbered on L1 yet. */
// A dev batch is never `proven`: it is `committed` until it is `executed`.
export type BatchStatus = 'sealed' | 'committed' | 'proven' | 'executed'

/** `StoredBatch` of the Rollup contract (docs/formats.md §5). */
export interface StoredBatch {
  readonly number: bigint
  readonly lastBlockHash: Hex
  readonly stateRoot: Hex
  readonly firstBlockNumber: bigint
  readonly lastBlockNumber: bigint
  readonly lastTimestamp: bigint
  readonly inboxCount: bigint
  readonly inboxRoot: Hex
  readonly messagesRoot: Hex
  readonly stateDiffHash: Hex
  readonly digest: Hex
  readonly programId: Hex
}

/** A mined L1 transaction that moved a batch on. */
export interface L1Step {
  readonly txHash: Hex
  /** L1 block time, seconds. */
  readonly timestamp: bigint
  readonly gasUsed: bigint
}

/** An L1 transaction in which a proof was checked. */
export type L1Verification = Pick<L1Step, 'txHash' | 'gasUsed'>

export interface Batch extends StoredBatch {
  readonly status: BatchStatus
  readonly proofType: BatchProofType
  /** Why it is a dev batch; empty for any other, and for dev batches that were recovered from L1, which does not have the reasons. */
  readonly devReasons: readonly DevReason[]
  readonly transactionCount: number
  readonly messageCount: number
  readonly depositCount: number
  readonly stateDiffBytes: number
  readonly sealedAtMs: number
  readonly commit: L1Step | null
  readonly prove: L1Step | null
  readonly execute: L1Step | null
  readonly provingMs: number | null
  readonly proofBytes: number | null
  /** Parts of which a STARK consists; null of other proofs and before it is there. */
  readonly proofSegments: number | null
  /** In their order, before `prove`: those that this node saw mined. */
  readonly verification: readonly L1Verification[]
}
