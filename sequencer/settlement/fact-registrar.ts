import { decodeFunctionResult, encodeFunctionData } from 'viem'
import { attestedVerifierAbi } from '../../contracts/index.ts'
import { bytesToHex, type Hex, type L1Verification, type Proof } from '../../core/index.ts'
import type { L1Client } from './l1-client.ts'
import type { L1Sender } from './l1-sender.ts'
import { rollupCalls } from './rollup-contract.ts'

/** Brings proofs to the verifier contract. One implementation per type of proof. */
export interface FactRegistrar {
  /** Resolves when the verifier knows all of these facts. */
  register(proofs: readonly Proof[], options: RegisterOptions): Promise<void>
}

export interface RegisterOptions {
  readonly signal: AbortSignal
  readonly onSent: () => void
  /** A transaction was mined that checked that proof, or a part of it. */
  readonly onVerified: (proof: Proof, verification: L1Verification) => void
}

export interface AttestationRegistrarDeps {
  readonly l1: L1Client
  readonly sender: L1Sender
  /** Address of `AttestedVerifier`. */
  readonly verifier: Hex
}

export class AttestationRegistrar implements FactRegistrar {
  readonly #deps: AttestationRegistrarDeps

  constructor(deps: AttestationRegistrarDeps) {
    this.#deps = deps
  }

  async register(proofs: readonly Proof[], options: RegisterOptions): Promise<void> {
    const missing: Proof[] = []
    for (const proof of proofs) if (!(await this.#isProven(proof))) missing.push(proof)
    for (const [programId, group] of Map.groupBy(missing, (proof) => proof.programId)) {
      const digests = group.map(({ digest }) => digest)
      const signatures = group.map(({ bytes }) => bytesToHex(bytes))
      const { transactionHash: txHash, gasUsed } = await this.#deps.sender.send(
        {
          action: `attestation of ${group.length} batches`,
          to: this.#deps.verifier,
          data: rollupCalls.attest(programId, digests, signatures),
        },
        options,
      )
      for (const proof of group) options.onVerified(proof, { txHash, gasUsed })
    }
  }

  async #isProven({ programId, digest }: Proof): Promise<boolean> {
    const data = encodeFunctionData({ abi: attestedVerifierAbi, functionName: 'isProven', args: [programId, digest] })
    const answer = await this.#deps.l1.call({ to: this.#deps.verifier, data })
    return decodeFunctionResult({ abi: attestedVerifierAbi, functionName: 'isProven', data: answer })
  }
}
