import {
  type Batch,
  type BatchProofType,
  type BatchStatus,
  type DevReason,
  type DevReasonKind,
  type Hex,
  isDevBatch,
  type L1Step,
  type L1Verification,
  type L2Message,
  noProgramId,
  type StoredBatch,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { type BatchRow, prepareBatchStatements, type StepRow } from './batch-statements.ts'

/** A message with the transaction that sent it; its id is its place in the batch. */
export interface BatchMessage extends L2Message {
  readonly transactionHash: Hex
}

/** A closed batch with all that belongs to it. */
export interface ClosedBatch extends StoredBatch {
  readonly proofType: BatchProofType
  readonly devReasons: readonly DevReason[]
  readonly transactionCount: number
  readonly depositCount: number
  readonly sealedAtMs: number
  readonly stateDiff: Uint8Array
  /** In the order of their leaves. */
  readonly messages: readonly BatchMessage[]
  /** docs/formats.md §6; null where nothing is to be proven. */
  readonly proverInput: Uint8Array | null
}

/** Up to which batch L1 went; never decreasing from left to right. */
export interface BatchProgress {
  readonly lastCommitted: bigint
  readonly lastProven: bigint
  readonly lastExecuted: bigint
}

export const l1Steps = ['commit', 'prove', 'execute'] as const
export type L1StepName = (typeof l1Steps)[number]

/** A step with the L1 block that holds it. */
export interface PlacedL1Step extends L1Step {
  readonly l1Block: bigint
}

/** The batches in SQLite. */
export class BatchStore {
  readonly #database: DevnetDatabase
  readonly #statements: ReturnType<typeof prepareBatchStatements>

  constructor(database: DevnetDatabase) {
    this.#database = database
    this.#statements = prepareBatchStatements(database)
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work)
  }

  /** Newest batch; undefined before the genesis batch was added. */
  latest(): bigint | undefined {
    const { latest } = this.#statements.latest.get() ?? { latest: null }
    return latest === null ? undefined : BigInt(latest)
  }

  add(batch: ClosedBatch): void {
    const number = Number(batch.number)
    this.transaction(() => {
      this.#statements.add.run(
        number,
        batch.lastBlockHash,
        batch.stateRoot,
        Number(batch.firstBlockNumber),
        Number(batch.lastBlockNumber),
        String(batch.lastTimestamp),
        Number(batch.inboxCount),
        batch.inboxRoot,
        batch.messagesRoot,
        batch.stateDiffHash,
        batch.digest,
        batch.programId,
        batch.proofType,
        batch.transactionCount,
        batch.messages.length,
        batch.depositCount,
        batch.stateDiff.length,
        batch.sealedAtMs,
        encodeReasons(batch.devReasons),
      )
      this.#statements.addDiff.run(number, batch.stateDiff)
      if (batch.proverInput !== null) this.#statements.addInput.run(number, batch.proverInput)
      for (const [id, { transactionHash, txNumberInBatch, sender, message }] of batch.messages.entries()) {
        this.#statements.addMessage.run(number, id, transactionHash, txNumberInBatch, sender, message)
      }
    })
  }

  batch(number: bigint): Batch | undefined {
    const row = this.#statements.batch.get(Number(number))
    return row && this.#toBatch(row)
  }

  /** Ascending, at most `limit` from `from` on. */
  batches(from: bigint, limit: number): readonly Batch[] {
    return this.#statements.batches.all(Number(from), limit).map((row) => this.#toBatch(row))
  }

  batchOfBlock(block: bigint): bigint | undefined {
    const row = this.#statements.batchOfBlock.get(Number(block), Number(block))
    return row && BigInt(row.number)
  }

  /** The batch of a block, as far as places in it go. */
  spanOfBlock(block: bigint): { readonly number: bigint; readonly firstBlock: bigint; readonly lastTimestamp: bigint } | undefined {
    const row = this.#statements.batchOfBlock.get(Number(block), Number(block))
    return row && { number: BigInt(row.number), firstBlock: BigInt(row.first_block), lastTimestamp: BigInt(row.last_timestamp) }
  }

  stateDiff(number: bigint): Uint8Array | undefined {
    return this.#statements.diff.get(Number(number))?.diff
  }

  proverInput(number: bigint): Uint8Array | undefined {
    return this.#statements.input.get(Number(number))?.input
  }

  /** Frees the room of the inputs of batches up to that one. */
  dropProverInputs(upTo: bigint): void {
    this.#statements.dropInputs.run(Number(upTo))
  }

  /** In the order of their leaves. */
  messages(number: bigint): readonly BatchMessage[] {
    return this.#statements.messages.all(Number(number)).map(({ tx_hash, tx_number, sender, message }) => ({
      transactionHash: tx_hash as Hex,
      txNumberInBatch: tx_number,
      sender: sender as Hex,
      message,
    }))
  }

  progress(): BatchProgress {
    const row = this.#statements.progress.get()
    if (row === undefined) throw new Error('batches_progress has no row')
    return {
      lastCommitted: BigInt(row.last_committed),
      lastProven: BigInt(row.last_proven),
      lastExecuted: BigInt(row.last_executed),
    }
  }

  /** Sets the progress; steps of batches above it are forgotten. */
  setProgress({ lastCommitted, lastProven, lastExecuted }: BatchProgress): void {
    this.transaction(() => {
      this.#statements.setProgress.run(Number(lastCommitted), Number(lastProven), Number(lastExecuted))
      this.#statements.dropSteps.run('commit', Number(lastCommitted))
      this.#statements.dropSteps.run('prove', Number(lastProven))
      this.#statements.dropSteps.run('execute', Number(lastExecuted))
    })
  }

  step(number: bigint, name: L1StepName): PlacedL1Step | undefined {
    const row = this.#statements.step.get(Number(number), name)
    return row && toStep(row)
  }

  setStep(number: bigint, name: L1StepName, { txHash, l1Block, timestamp, gasUsed }: PlacedL1Step): void {
    this.#statements.setStep.run(Number(number), name, txHash, Number(l1Block), Number(timestamp), Number(gasUsed))
  }

  /**
   * Gives the batches above `number` that program and kind of proof, but for dev batches, and drops the prover inputs of those that had
   * another program: it may read them otherwise. Returns their digests.
   */
  setProgram(number: bigint, { programId, proofType }: Pick<ClosedBatch, 'programId' | 'proofType'>): readonly Hex[] {
    return this.transaction(() => {
      const others = this.#statements.ofOtherProgram.all(Number(number), programId, noProgramId)
      for (const { number: other } of others) {
        this.#statements.setProgram.run(programId, proofType, other)
        this.#statements.dropInput.run(other)
      }
      return others.map(({ digest }) => digest as Hex)
    })
  }

  setProof(
    number: bigint,
    { provingMs, proofBytes, proofSegments }: { provingMs: number; proofBytes: number; proofSegments: number | null },
  ): void {
    this.#statements.setProof.run(Math.round(provingMs), proofBytes, proofSegments, Number(number))
  }

  addVerification(number: bigint, { txHash, gasUsed }: L1Verification): void {
    this.#statements.addVerification.run(Number(number), txHash, Number(gasUsed))
  }

  /** In their order on L1. */
  setVerifications(number: bigint, list: readonly L1Verification[]): void {
    this.transaction(() => {
      this.#statements.dropVerifications.run(Number(number))
      for (const verification of list) this.addVerification(number, verification)
    })
  }

  /** Drops the batches above that one, with all that belongs to them. */
  truncate(newLatest: bigint): void {
    this.#statements.truncate.run(Number(newLatest))
  }

  #toBatch(row: BatchRow): Batch {
    const number = BigInt(row.number)
    return {
      number,
      lastBlockHash: row.last_block_hash as Hex,
      stateRoot: row.state_root as Hex,
      firstBlockNumber: BigInt(row.first_block),
      lastBlockNumber: BigInt(row.last_block),
      lastTimestamp: BigInt(row.last_timestamp),
      inboxCount: BigInt(row.inbox_count),
      inboxRoot: row.inbox_root as Hex,
      messagesRoot: row.messages_root as Hex,
      stateDiffHash: row.state_diff_hash as Hex,
      digest: row.digest as Hex,
      programId: row.program_id as Hex,
      status: statusOf(row, this.progress()),
      proofType: row.proof_type as BatchProofType,
      devReasons: decodeReasons(row.dev_reasons),
      transactionCount: row.transaction_count,
      messageCount: row.message_count,
      depositCount: row.deposit_count,
      stateDiffBytes: row.state_diff_bytes,
      sealedAtMs: row.sealed_at_ms,
      commit: this.step(number, 'commit') ?? null,
      prove: this.step(number, 'prove') ?? null,
      execute: this.step(number, 'execute') ?? null,
      provingMs: row.proving_ms,
      proofBytes: row.proof_bytes,
      proofSegments: row.proof_segments,
      verification: this.#statements.verifications
        .all(row.number)
        .map(({ tx_hash, gas_used }) => ({ txHash: tx_hash as Hex, gasUsed: BigInt(gas_used) })),
    }
  }
}

function statusOf(row: BatchRow, { lastCommitted, lastProven, lastExecuted }: BatchProgress): BatchStatus {
  const number = BigInt(row.number)
  if (number <= lastExecuted) return 'executed'
  // L1 lets a dev batch pass where others are proven; nobody has proven it.
  if (number <= lastProven) return isDevBatch({ number, programId: row.program_id as Hex }) ? 'committed' : 'proven'
  return number <= lastCommitted ? 'committed' : 'sealed'
}

type StoredReason = readonly [kind: DevReasonKind, block: string, detail: string]

function encodeReasons(reasons: readonly DevReason[]): string {
  return JSON.stringify(reasons.map(({ kind, blockNumber, detail }): StoredReason => [kind, String(blockNumber), detail]))
}

function decodeReasons(text: string): readonly DevReason[] {
  const stored: readonly StoredReason[] = JSON.parse(text)
  return stored.map(([kind, block, detail]) => ({ kind, blockNumber: BigInt(block), detail }))
}

function toStep(row: StepRow): PlacedL1Step {
  return {
    txHash: row.tx_hash as Hex,
    l1Block: BigInt(row.l1_block),
    timestamp: BigInt(row.l1_time),
    gasUsed: BigInt(row.gas_used),
  }
}
