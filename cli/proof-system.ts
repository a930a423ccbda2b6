import { type SessionParts, transactionLimits } from '../contracts/index.ts'
import type { Hex, Proof, ProofType } from '../core/index.ts'
import { type GuestProgram, guestProgram } from '../guest/index.ts'
import { assembleStark, assertMemorySuffices, cutStark, StarkThread, verifyAttestation, verifyStark } from '../prover/index.ts'
import { addressOfKey, type ServiceKeys } from './accounts.ts'
import type { StoredDeployment } from './node-meta.ts'

export interface ProofSystemOptions {
  readonly proofType: ProofType
  readonly keys: ServiceKeys
  /** That each agent may take. */
  readonly maxMemoryGiB: number
}

/** How batches are proven: what the broker checks of a proof, and what agents are told. */
export interface ProofSystem {
  readonly proofType: ProofType
  readonly program: Pick<GuestProgram, 'elf' | 'programId'>
  readonly agentEnv: (deployment: StoredDeployment) => Readonly<Record<string, string>>
  readonly verifyProof: (proof: Proof, deployment: StoredDeployment) => Promise<boolean>
  readonly assembleProof: (plan: Uint8Array, segments: readonly Uint8Array[]) => Uint8Array
  /** The transactions in which L1 verifies a STARK proof. */
  readonly sessionOf: (proof: Proof) => Promise<SessionParts>
  readonly close: () => Promise<void>
}

/** @throws MemoryTooSmallError */
export function createProofSystem({ proofType, keys, maxMemoryGiB }: ProofSystemOptions): ProofSystem {
  const program = guestProgram()
  return proofType === 'stark' ? starkSystem(program, maxMemoryGiB) : attestedSystem(program, keys)
}

// A transaction has a signature, fees and an address besides.
const maxCallBytes = transactionLimits.bytes - 500

function attestedSystem(program: GuestProgram, { attester }: ServiceKeys): ProofSystem {
  const address: Hex = addressOfKey(attester)
  return {
    proofType: 'attested',
    program,
    agentEnv: ({ l1ChainId, contracts }) => ({
      ZKDEVNET_PROOFS: 'attested',
      ZKDEVNET_ATTESTER_KEY: attester,
      ZKDEVNET_L1_CHAIN_ID: String(l1ChainId),
      ZKDEVNET_ATTESTED_VERIFIER: contracts.verifier,
    }),
    verifyProof: (proof, { l1ChainId, contracts }) =>
      verifyAttestation({ proof, attester: address, l1ChainId, verifierAddress: contracts.verifier }),
    assembleProof() {
      throw new RangeError('an attestation has no segments')
    },
    sessionOf: () => Promise.reject(new RangeError('an attestation has no session')),
    async close() {},
  }
}

function starkSystem({ elf, stark }: GuestProgram, maxMemoryGiB: number): ProofSystem {
  const { programId } = stark
  assertMemorySuffices(maxMemoryGiB)
  const thread = new StarkThread({ description: stark })
  return {
    proofType: 'stark',
    program: { elf, programId },
    agentEnv: () => ({ ZKDEVNET_PROOFS: 'stark', ZKDEVNET_MAX_MEMORY: String(maxMemoryGiB) }),
    verifyProof: (proof) => verifyStark({ proof, programId }, thread),
    assembleProof: assembleStark,
    sessionOf: (proof) => cutStark(proof, maxCallBytes, thread),
    close: () => thread.close(),
  }
}
