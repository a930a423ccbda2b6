import type { Hex, Proof, ProofJob, ProofQueue, ProofRequest, ProvingProgress } from '../../../core/index.ts'
import { hexToBytes } from '../../../core/index.ts'
import { testKeys } from './in-process-l1.ts'

/** Signs whatever it is asked to. */
export function blindProver(verifier: Hex): (request: ProofRequest) => Promise<Proof> {
  return async ({ programId, digest }) => {
    const signature = await testKeys.attester.signTypedData({
      domain: { name: 'zkdevnet attestation', version: '1', chainId: 31_337, verifyingContract: verifier },
      types: {
        Attestation: [
          { name: 'programId', type: 'bytes32' },
          { name: 'digest', type: 'bytes32' },
        ],
      },
      primaryType: 'Attestation',
      message: { programId, digest },
    })
    return { type: 'attested', programId, digest, bytes: hexToBytes(signature), provingMs: 1.5, segments: null }
  }
}

/** A queue with its agent. Survives a "crash" of the objects around it, as the broker does. */
export class MemoryProofQueue implements ProofQueue {
  readonly #prove: (request: ProofRequest) => Promise<Proof>
  readonly requests = new Map<Hex, ProofRequest>()
  readonly enqueued: Hex[] = []
  readonly cancelled: Hex[] = []
  readonly #proofs = new Map<Hex, Proof>()
  readonly #listeners = new Set<(digest: Hex) => void>()
  readonly failures = new Map<Hex, string>()
  /** Whether jobs are done as soon as they are enqueued. */
  immediate = true

  constructor(prove: (request: ProofRequest) => Promise<Proof>) {
    this.#prove = prove
  }

  async enqueue(request: ProofRequest): Promise<void> {
    this.enqueued.push(request.digest)
    this.requests.set(request.digest, request)
    if (this.immediate) await this.prove(request.digest)
  }

  async prove(digest: Hex): Promise<void> {
    const request = this.requests.get(digest)
    if (request === undefined) throw new Error(`no job ${digest}`)
    this.#proofs.set(digest, await this.#prove(request))
    for (const listener of this.#listeners) listener(digest)
  }

  async cancel(digest: Hex): Promise<void> {
    this.cancelled.push(digest)
    this.requests.delete(digest)
  }

  async job(digest: Hex): Promise<ProofJob | undefined> {
    const request = this.requests.get(digest)
    if (request === undefined) return undefined
    const lastError = this.failures.get(digest) ?? null
    const status = lastError !== null ? 'failed' : this.#proofs.has(digest) ? 'done' : 'waiting'
    return { digest, batchNumber: request.batchNumber, status, attempts: 1, agent: null, lastError }
  }

  async result(digest: Hex): Promise<Proof | undefined> {
    return this.#proofs.get(digest)
  }

  progress(): readonly ProvingProgress[] {
    return []
  }

  async forget(digest: Hex): Promise<void> {
    this.#proofs.delete(digest)
    this.requests.delete(digest)
  }

  onSettled(listener: (digest: Hex) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
