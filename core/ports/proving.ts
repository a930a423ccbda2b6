import type { ProofType } from '../chain/batch.ts'
import type { Hex } from '../hex.ts'

/** A statement to prove: the program, run on `input`, outputs `digest`. The digest identifies the job: a reverted batch's result never fits its successor. */
export interface ProofRequest {
  readonly digest: Hex
  readonly programId: Hex
  readonly batchNumber: bigint
  /** docs/formats.md §6. */
  readonly input: Uint8Array
}

export interface Proof {
  readonly type: ProofType
  readonly programId: Hex
  readonly digest: Hex
  /** Attested: the 65-byte signature. */
  readonly bytes: Uint8Array
  readonly provingMs: number
}

export type ProofJobStatus = 'waiting' | 'leased' | 'done' | 'failed' | 'cancelled'

export interface ProofJob {
  readonly digest: Hex
  readonly batchNumber: bigint
  readonly status: ProofJobStatus
  /** Times it was leased. */
  readonly attempts: number
  readonly agent: string | null
  /** Why the last attempt failed. */
  readonly lastError: string | null
}

/** Work for provers. Survives crashes; one implementation in SQLite, later one on Redis. */
export interface ProofQueue {
  /** Idempotent by digest; revives a cancelled or failed job. */
  enqueue(request: ProofRequest): Promise<void>
  /** Drops jobs that are not done; a late result is refused. */
  cancel(digest: Hex): Promise<void>
  job(digest: Hex): Promise<ProofJob | undefined>
  result(digest: Hex): Promise<Proof | undefined>
  /** Called after a result or a final failure was stored. Returns the unsubscriber. */
  onSettled(listener: (digest: Hex) => void): () => void
}

/** Makes proofs; runs in the agent's process. */
export interface ProofBackend {
  readonly type: ProofType
  /** Throws `InvalidProverInputError` where no honest proof exists (never retried). */
  prove(request: ProofRequest, context: { readonly signal: AbortSignal }): Promise<Proof>
}
