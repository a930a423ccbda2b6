import { sign } from 'viem/accounts'
import {
  batchDigest,
  type Clock,
  decodeProverInput,
  type Hex,
  hexToBytes,
  InvalidProverInputError,
  type Proof,
  type ProofBackend,
  type ProofRequest,
} from '../../core/index.ts'
import { type AttestationDomain, attestationHash, attestedProgramId } from './attestation.ts'
import { executeBatch } from './execute-batch.ts'

export interface AttestedBackendOptions extends AttestationDomain {
  readonly attesterKey: Hex
}

/**
 * Re-executes a batch statelessly and signs its digest. What L1 gets is trust in the holder of this key, not a validity proof.
 */
export class AttestedBackend implements ProofBackend {
  readonly type = 'attested'
  readonly #opts: AttestedBackendOptions
  readonly #deps: { readonly clock: Clock }

  constructor(opts: AttestedBackendOptions, deps: { readonly clock: Clock }) {
    this.#opts = opts
    this.#deps = deps
  }

  /** Throws `InvalidProverInputError` unless the input leads to exactly the requested digest. */
  async prove(
    { digest, programId, batchNumber, input: inputBytes }: ProofRequest,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Proof> {
    const startedMs = this.#deps.clock.nowMs()
    if (programId !== attestedProgramId) throw new InvalidProverInputError(`this prover does not know the program ${programId}`)
    const input = decodeProverInput(inputBytes)
    if (input.batchNumber !== batchNumber) throw new InvalidProverInputError(`it is of batch ${input.batchNumber}, not ${batchNumber}`)
    const { l1ChainId } = this.#opts
    if (input.l1ChainId !== l1ChainId) throw new InvalidProverInputError(`it is for L1 chain ${input.l1ChainId}, not ${l1ChainId}`)
    const { publicInputs } = await executeBatch(input, signal)
    const computed = batchDigest(publicInputs)
    if (computed !== digest) throw new InvalidProverInputError(`it leads to the digest ${computed}, not ${digest}`)
    const hash = attestationHash({ programId, digest }, this.#opts)
    const signature = await sign({ hash, privateKey: this.#opts.attesterKey, to: 'hex' })
    return { type: this.type, programId, digest, bytes: hexToBytes(signature), provingMs: this.#deps.clock.nowMs() - startedMs }
  }
}
