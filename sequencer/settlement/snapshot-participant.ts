import {
  type ChainReader,
  type Hex,
  type ProofQueue,
  RollbackBelowCommittedBatchError,
  SnapshotBelowCommittedBatchError,
} from '../../core/index.ts'
import type { BatchBuilder } from '../batches/batch-builder.ts'
import type { BatchProgress, BatchStore } from '../batches/batch-store.ts'
import type { DryRuns } from '../dry-run/dry-runs.ts'
import type { SnapshotParticipant } from '../snapshots/participant.ts'
import type { PendingTransactions } from './pending-transactions.ts'
import type { Settlement } from './settlement.ts'

interface BatchesToken {
  readonly head: bigint
  readonly latest: bigint
  readonly progress: BatchProgress
  /** Of a rollback: L1 does not go back. */
  readonly isRollback: boolean
}

export interface BatchesParticipantDeps {
  readonly store: BatchStore
  readonly pending: PendingTransactions
  readonly builder: BatchBuilder
  readonly dryRuns: Pick<DryRuns, 'pause' | 'reset'>
  readonly settlement: Settlement
  readonly queue: ProofQueue
  readonly chain: Pick<ChainReader, 'head'>
  /** Whether the L1 goes back together with the L2. */
  readonly ownsL1: boolean
}

/** Batches, their proof jobs and what is on its way to L1. Its pause comes before the L1's, so that a transaction in flight can be mined. */
export class BatchesParticipant implements SnapshotParticipant {
  readonly name = 'batches'
  readonly #deps: BatchesParticipantDeps
  #dropped: readonly Hex[] = []

  constructor(deps: BatchesParticipantDeps) {
    this.#deps = deps
  }

  async pause(): Promise<() => void> {
    const { settlement, dryRuns, builder } = this.#deps
    const resumes = [await settlement.pause(), await dryRuns.pause(), await builder.pause()]
    return () => {
      for (const resume of resumes) resume()
    }
  }

  async take(): Promise<BatchesToken> {
    const { store, chain } = this.#deps
    return { head: chain.head().header.number, latest: store.latest() ?? 0n, progress: store.progress(), isRollback: false }
  }

  tokenOf(block: bigint): BatchesToken {
    const { store } = this.#deps
    return { head: block, latest: store.latest() ?? 0n, progress: store.progress(), isRollback: true }
  }

  async check(token: unknown): Promise<void> {
    const { store, ownsL1 } = this.#deps
    const { isRollback, head } = readToken(token)
    if (ownsL1 && !isRollback) return
    const { lastCommitted } = store.progress()
    const keep = this.#newestKept(readToken(token))
    if (keep >= lastCommitted) return
    if (!isRollback) throw new SnapshotBelowCommittedBatchError(keep + 1n)
    throw new RollbackBelowCommittedBatchError({ block: head, lowest: store.batch(lastCommitted)?.lastBlockNumber ?? 0n })
  }

  revertStored(token: unknown): void {
    const { store, pending, ownsL1 } = this.#deps
    const { progress, isRollback, ...place } = readToken(token)
    const keep = this.#newestKept({ ...place, isRollback })
    const latest = store.latest() ?? 0n
    this.#dropped = store.batches(keep + 1n, Number(latest - keep)).map(({ digest }) => digest)
    store.truncate(keep)
    if (!ownsL1 || isRollback) return
    store.setProgress(progress)
    pending.clear()
  }

  async revert(): Promise<void> {
    const { builder, dryRuns, settlement, queue } = this.#deps
    for (const digest of this.#dropped) await queue.cancel(digest)
    this.#dropped = []
    builder.reset()
    dryRuns.reset()
    settlement.reset()
  }

  /** What was sealed since and ends at or below the head may be on an L1 that does not go back. */
  #newestKept({ head, latest, isRollback }: Pick<BatchesToken, 'head' | 'latest' | 'isRollback'>): bigint {
    const { store, ownsL1 } = this.#deps
    if (ownsL1 && !isRollback) return latest
    let keep = store.latest() ?? 0n
    while ((store.batch(keep)?.lastBlockNumber ?? 0n) > head) keep--
    return keep
  }
}

function readToken(token: unknown): BatchesToken {
  // Only `take` makes tokens, and nobody else looks into them.
  return token as BatchesToken
}
