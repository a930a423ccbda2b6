import {
  type Clock,
  type GuestExecutor,
  type Hex,
  hexToBytes,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofRequest,
  type ProvingContext,
  type SegmentProof,
  type SegmentRequest,
} from '../../core/index.ts'
import { ProgramUnknownError } from './errors.ts'
import { assertDigest } from './guest-digest.ts'
import { logHeightFor } from './memory.ts'
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
  async prove({ digest, programId, input }: ProofRequest, { signal, onStep }: ProvingContext): Promise<Proof> {
    const { guest, thread, clock } = this.#deps
    const startedMs = clock.nowMs()
    if (programId !== this.programId) throw new ProgramUnknownError({ asked: programId, known: this.programId })
    // Whatever else the thread would prove is of no use to anybody, and this takes a hundredth of the time.
    const { cycles } = await assertDigest({ digest, input, signal, onProgress: (cycles) => onStep?.({ ...atRun, cycles }) }, guest)
    const { proof, segments } = await thread.run(
      { kind: 'prove', input, maxLogHeight: this.#maxLogHeight },
      { signal, onStep: (step) => onStep?.({ ...step, cycles }) },
    )
    return { type: this.type, programId, digest, bytes: proof, provingMs: clock.nowMs() - startedMs, segments }
  }

  async proveSegment({ digest }: SegmentRequest): Promise<SegmentProof> {
    throw new PlanRejectedError({ digest, reason: 'this version proves batches in one segment' })
  }
}

const atRun = { phase: 'run', segment: null, segments: null } as const

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
