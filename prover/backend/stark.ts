import {
  BatchNotProvableError,
  type Clock,
  concatBytes,
  type GuestExecutor,
  type Hex,
  hexToBytes,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofPlan,
  type ProofRequest,
  type ProvingContext,
  type ProvingStep,
  type SegmentProof,
  type SegmentRequest,
} from '../../core/index.ts'
import { assembleProof, type StarkSession } from '../../zkvm/index.ts'
import { PlanTooTallError, ProgramUnknownError, StarkTaskError } from './errors.ts'
import { assertDigest } from './guest-digest.ts'
import { isSegmentLogHeight, logHeightFor } from './memory.ts'
import type { StarkThread } from './stark-thread.ts'

export interface StarkBackendOptions {
  /** Of the guest as proofs are about it: docs/formats.md §10. */
  readonly programId: Hex
  /** That one proof may take. */
  readonly maxMemoryGiB: number
}

export interface StarkBackendDeps {
  readonly guest: GuestExecutor
  readonly thread: StarkThread
  readonly clock: Clock
}

/** Proves runs of the guest with the zkVM. */
export class StarkBackend implements ProofBackend {
  readonly type = 'stark'
  readonly programId: Hex
  readonly #maxLogHeight: number
  readonly #deps: StarkBackendDeps

  /** @throws MemoryTooSmallError */
  constructor({ programId, maxMemoryGiB }: StarkBackendOptions, deps: StarkBackendDeps) {
    this.programId = programId
    this.#maxLogHeight = logHeightFor(maxMemoryGiB)
    this.#deps = deps
  }

  /**
   * @throws InvalidProverInputError unless the guest, run on the input, comes to exactly the requested digest
   * @throws BatchNotProvableError, ProgramUnknownError, GuestCrashedError, ProverCrashedError
   */
  async prove(request: ProofRequest, { signal, onStep }: ProvingContext): Promise<Proof | ProofPlan> {
    const { guest, thread, clock } = this.#deps
    const startedMs = clock.nowMs()
    const { digest, programId, input } = request
    this.#assertKnown(programId)
    // Whatever else the thread would prove is of no use to anybody, and this takes a hundredth of the time.
    const { cycles } = await assertDigest({ digest, input, signal, onProgress: (cycles) => onStep?.({ ...atRun, cycles }) }, guest)
    const maxLogHeight = this.#maxLogHeight
    const context = { signal, onStep: (step: ProvingStep) => onStep?.({ ...step, cycles }) }
    const { segments, bytes } = await provable(thread.run({ kind: 'prove', input, maxLogHeight }, context))
    const result = { programId, digest, segments, provingMs: clock.nowMs() - startedMs }
    if (segments > 1) return { ...result, bytes: encodePlan({ maxLogHeight, header: bytes }) }
    return { ...result, type: this.type, bytes }
  }

  /**
   * @throws PlanRejectedError where the plan is not what this input gives
   * @throws PlanTooTallError, BatchNotProvableError, ProgramUnknownError, ProverCrashedError
   */
  async proveSegment({ digest, programId, input, plan, segment }: SegmentRequest, context: ProvingContext): Promise<SegmentProof> {
    const { thread, clock } = this.#deps
    const startedMs = clock.nowMs()
    this.#assertKnown(programId)
    const { maxLogHeight, header } = decodePlan(plan)
    if (!isSegmentLogHeight(maxLogHeight)) throw new PlanRejectedError({ digest, reason: `it has segments of 2^${maxLogHeight} rows` })
    if (maxLogHeight > this.#maxLogHeight) throw new PlanTooTallError({ plan: maxLogHeight, own: this.#maxLogHeight })
    const task = { kind: 'prove-segment', input, maxLogHeight, header, segment } as const
    const { bytes } = await provable(thread.run(task, context), (error) => {
      // What is wrong with a segment that was proven by its plan is wrong with the plan.
      if (error.code === 'SEGMENT_MISMATCH' || error.code === 'INVALID_PROOF')
        throw new PlanRejectedError({ digest, reason: error.message })
    })
    return { bytes, provingMs: clock.nowMs() - startedMs }
  }

  #assertKnown(programId: Hex): void {
    if (programId !== this.programId) throw new ProgramUnknownError({ asked: programId, known: this.programId })
  }
}

const atRun = { phase: 'run', segment: null, segments: null } as const

async function provable<T>(result: Promise<T>, explain?: (error: StarkTaskError) => void): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (!(error instanceof StarkTaskError)) throw error
    explain?.(error)
    throw new BatchNotProvableError({ reason: error.message, help: error.metaMessages, cause: error })
  }
}

/** What a prover of a segment must know: how tall segments may be, and the beginning of the proof. */
function encodePlan({ maxLogHeight, header }: { readonly maxLogHeight: number; readonly header: Uint8Array }): Uint8Array {
  return concatBytes(Uint8Array.of(maxLogHeight), header)
}

function decodePlan(plan: Uint8Array): { readonly maxLogHeight: number; readonly header: Uint8Array } {
  return { maxLogHeight: plan[0] ?? 0, header: plan.subarray(1) }
}

/** The proof of which a plan and the proofs of its segments are the parts. */
export function assembleStark(plan: Uint8Array, segments: readonly Uint8Array[]): Uint8Array {
  return assembleProof(decodePlan(plan).header, segments)
}

/** The transactions in which L1 can verify the proof. @throws StarkTaskError for a proof that it would refuse */
export function cutStark({ digest, bytes }: Proof, maxBytes: number, thread: StarkThread): Promise<StarkSession> {
  return thread.run({ kind: 'cut', proof: bytes, output: hexToBytes(digest), maxBytes })
}

export interface StarkCheck {
  readonly proof: Proof
  /** Of the program that is proven. */
  readonly programId: Hex
}

/** Whether the proof shows that this program came to the proof's digest. */
export async function verifyStark({ proof, programId }: StarkCheck, thread: StarkThread): Promise<boolean> {
  if (proof.type !== 'stark' || proof.programId !== programId) return false
  const { isValid } = await thread.run({ kind: 'verify', proof: proof.bytes, output: hexToBytes(proof.digest) })
  return isValid
}
