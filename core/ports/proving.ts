import type { ProofType } from '../chain/batch.ts'
import { DevnetError } from '../errors.ts'
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
  /** Attested: the 65-byte signature. STARK: docs/formats.md §8. */
  readonly bytes: Uint8Array
  /** Time that agents spent, added up: segments may have been proven at the same time. */
  readonly provingMs: number
  /** Parts of which a STARK consists; null of an attestation. */
  readonly segments: number | null
}

/** The first half of a proof in several segments: commits to all of them, so that each can be proven by itself. */
export interface ProofPlan {
  readonly programId: Hex
  readonly digest: Hex
  /** More than one. */
  readonly segments: number
  /** What a prover of a segment must know besides the input; the backend's own business. */
  readonly bytes: Uint8Array
  readonly provingMs: number
}

export interface SegmentRequest extends ProofRequest {
  readonly plan: Uint8Array
  /** Counted from 0. */
  readonly segment: number
}

export interface SegmentProof {
  readonly bytes: Uint8Array
  readonly provingMs: number
}

/** What a prover does at the moment, for whoever looks. */
export interface ProvingStep {
  /** `run`, `trace`, `key`, `commit` …: a word of the backend. */
  readonly phase: string
  /** Instructions of the whole run; 0 while they are not known. */
  readonly cycles: number
  /** Which segment it is at, counted from 0, and of how many; null before that is known. */
  readonly segment: number | null
  readonly segments: number | null
}

/** `segmented`: its segments are being proven. */
export type ProofJobStatus = 'waiting' | 'leased' | 'segmented' | 'done' | 'failed' | 'cancelled'

/** What an agent is at. */
export interface ProvingProgress extends ProvingStep {
  readonly digest: Hex
  readonly batchNumber: bigint
  readonly agent: string
  /** Since the agent got the job. */
  readonly durationMs: number
}

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
  /** What agents are at, oldest batch first. */
  progress(): readonly ProvingProgress[]
  /** Frees the room of the proof of a batch that is executed. Asked for again, it is made again. */
  forget(digest: Hex): Promise<void>
}

export interface ProvingContext {
  readonly signal: AbortSignal
  readonly onStep?: (step: ProvingStep) => void
}

/** Makes proofs; runs in the agent's process. */
export interface ProofBackend {
  readonly type: ProofType
  /** The only program that it proves. */
  readonly programId: Hex
  /**
   * The proof, or a plan where it takes several segments.
   * @throws InvalidProverInputError where no honest proof exists, BatchNotProvableError where this prover cannot make it: neither is tried again
   */
  prove(request: ProofRequest, context: ProvingContext): Promise<Proof | ProofPlan>
  /** @throws PlanRejectedError where the plan is not what the input gives */
  proveSegment(request: SegmentRequest, context: ProvingContext): Promise<SegmentProof>
}

/** The batch is in order, but this prover cannot prove it, however often it tries. */
export class BatchNotProvableError extends DevnetError {
  override name = 'BatchNotProvableError'
  constructor({ reason, help, cause }: { reason: string; help: readonly string[]; cause?: unknown }) {
    super(`The batch cannot be proven here: ${reason}`, { code: 'BATCH_NOT_PROVABLE', exitCode: 5, metaMessages: help, cause })
  }
}

/** A segment cannot be proven by this plan: it was made from another input, or with other settings. */
export class PlanRejectedError extends DevnetError {
  override name = 'PlanRejectedError'
  constructor({ digest, reason }: { digest: Hex; reason: string }) {
    super(`The plan of the proof for ${digest} is refused: ${reason}.`, {
      code: 'PLAN_REJECTED',
      metaMessages: ['The batch is planned anew. Agents that share a queue must have the same version and --max-memory.'],
    })
  }
}
