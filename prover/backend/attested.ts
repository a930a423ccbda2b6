import { sign } from 'viem/accounts'
import {
  type Clock,
  decodeGuestLog,
  decodeProverInput,
  type GuestExecutor,
  GuestFaultError,
  type GuestRun,
  type Hex,
  hexToBytes,
  InvalidProverInputError,
  type Proof,
  type ProofBackend,
  type ProofRequest,
} from '../../core/index.ts'
import { type AttestationDomain, attestationHash } from './attestation.ts'
import { ProgramUnknownError } from './errors.ts'

export interface AttestedBackendOptions extends AttestationDomain {
  readonly attesterKey: Hex
}

export interface AttestedBackendDeps {
  readonly guest: GuestExecutor
  readonly clock: Clock
}

/** A guest that runs longer runs for ever: no batch closes with a hundredth of it. */
const maxCycles = 2 ** 37

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

  /**
   * @throws InvalidProverInputError unless the guest, run on the input, comes to exactly the requested digest
   * @throws ProgramUnknownError, GuestCrashedError
   */
  async prove({ digest, programId, batchNumber, input }: ProofRequest, { signal }: { readonly signal: AbortSignal }): Promise<Proof> {
    const { guest, clock } = this.#deps
    const startedMs = clock.nowMs()
    if (programId !== guest.programId) throw new ProgramUnknownError({ asked: programId, known: guest.programId })
    this.#assertMeant(decodeProverInput(input), batchNumber)
    const computed = await this.#digestOf(input, signal)
    if (computed !== digest) throw new InvalidProverInputError(`it leads to the digest ${computed}, not ${digest}`)
    const hash = attestationHash({ programId, digest }, this.#opts)
    const signature = await sign({ hash, privateKey: this.#opts.attesterKey, to: 'hex' })
    return { type: this.type, programId, digest, bytes: hexToBytes(signature), provingMs: clock.nowMs() - startedMs }
  }

  /** The digest covers both; these say plainly what a wrong digest only shows. */
  #assertMeant(input: { readonly batchNumber: bigint; readonly l1ChainId: bigint }, batchNumber: bigint): void {
    if (input.batchNumber !== batchNumber) throw new InvalidProverInputError(`it is of batch ${input.batchNumber}, not ${batchNumber}`)
    const { l1ChainId } = this.#opts
    if (input.l1ChainId !== l1ChainId) throw new InvalidProverInputError(`it is for L1 chain ${input.l1ChainId}, not ${l1ChainId}`)
  }

  async #digestOf(input: Uint8Array, signal: AbortSignal): Promise<Hex> {
    try {
      const run = await this.#deps.guest.run(input, { maxCycles, signal })
      if (run.digest === null) throw new InvalidProverInputError(refusalOf(run))
      return run.digest
    } catch (error) {
      // Runs are deterministic: this one would end the same way again.
      if (error instanceof GuestFaultError) throw new InvalidProverInputError(error.reason.replace(/\.$/, ''), error)
      throw error
    }
  }
}

function refusalOf({ exitMeaning, log }: GuestRun): string {
  const block = decodeGuestLog(log).blocks.at(-1)
  return block === undefined ? exitMeaning : `in block ${block.number} ${exitMeaning}`
}
