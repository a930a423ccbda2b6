import { sign } from 'viem/accounts'
import {
  type Clock,
  decodeProverInput,
  type GuestExecutor,
  type Hex,
  hexToBytes,
  InvalidProverInputError,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofRequest,
  type ProvingContext,
  type SegmentRequest,
} from '../../core/index.ts'
import { type AttestationDomain, attestationHash } from './attestation.ts'
import { ProgramUnknownError } from './errors.ts'
import { assertDigest } from './guest-digest.ts'

export interface AttestedBackendOptions extends AttestationDomain {
  readonly attesterKey: Hex
}

export interface AttestedBackendDeps {
  readonly guest: GuestExecutor
  readonly clock: Clock
}

const atRun = { phase: 'run', segment: null, segments: null } as const

/**
 * Runs the guest on a batch and signs the digest to which it comes. What L1 gets is trust in the holder of this key, not a validity proof.
 */
export class AttestedBackend implements ProofBackend {
  readonly type = 'attested'
  readonly #opts: AttestedBackendOptions
  readonly #deps: AttestedBackendDeps

  constructor(opts: AttestedBackendOptions, deps: AttestedBackendDeps) {
    this.#opts = opts
    this.#deps = deps
  }

  get programId(): Hex {
    return this.#deps.guest.programId
  }

  /**
   * @throws InvalidProverInputError unless the guest, run on the input, comes to exactly the requested digest
   * @throws ProgramUnknownError, GuestCrashedError
   */
  async prove({ digest, programId, batchNumber, input }: ProofRequest, { signal, onStep }: ProvingContext): Promise<Proof> {
    const { guest, clock } = this.#deps
    const startedMs = clock.nowMs()
    if (programId !== guest.programId) throw new ProgramUnknownError({ asked: programId, known: guest.programId })
    this.#assertMeant(decodeProverInput(input), batchNumber)
    await assertDigest({ digest, input, signal, onProgress: (cycles) => onStep?.({ ...atRun, cycles }) }, guest)
    const hash = attestationHash({ programId, digest }, this.#opts)
    const signature = await sign({ hash, privateKey: this.#opts.attesterKey, to: 'hex' })
    return { type: this.type, programId, digest, bytes: hexToBytes(signature), provingMs: clock.nowMs() - startedMs, segments: null }
  }

  /** An attestation has no segments. */
  async proveSegment({ digest }: SegmentRequest): Promise<never> {
    throw new PlanRejectedError({ digest, reason: 'an attestation has no segments' })
  }

  /** The digest covers both; these say plainly what a wrong digest only shows. */
  #assertMeant(input: { readonly batchNumber: bigint; readonly l1ChainId: bigint }, batchNumber: bigint): void {
    if (input.batchNumber !== batchNumber) throw new InvalidProverInputError(`it is of batch ${input.batchNumber}, not ${batchNumber}`)
    const { l1ChainId } = this.#opts
    if (input.l1ChainId !== l1ChainId) throw new InvalidProverInputError(`it is for L1 chain ${input.l1ChainId}, not ${l1ChainId}`)
  }
}
