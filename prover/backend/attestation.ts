import { hashTypedData, recoverAddress } from 'viem/utils'
import { bytesToBigint, bytesToHex, type Hex, type Proof } from '../../core/index.ts'

/** The contract for which an attestation is made. */
export interface AttestationDomain {
  readonly l1ChainId: bigint
  /** `AttestedVerifier`. */
  readonly verifierAddress: Hex
}

const signatureBytes = 65
const halfCurveOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** The hash that the attester signs (docs/formats.md §5). */
export function attestationHash(
  { programId, digest }: Pick<Proof, 'programId' | 'digest'>,
  { l1ChainId, verifierAddress }: AttestationDomain,
): Hex {
  return hashTypedData({
    domain: { name: 'zkdevnet attestation', version: '1', chainId: l1ChainId, verifyingContract: verifierAddress },
    types: {
      Attestation: [
        { name: 'programId', type: 'bytes32' },
        { name: 'digest', type: 'bytes32' },
      ],
    },
    primaryType: 'Attestation',
    message: { programId, digest },
  })
}

export interface AttestationCheck extends AttestationDomain {
  readonly proof: Proof
  readonly attester: Hex
}

/** Whether `AttestedVerifier` accepts the proof. */
export async function verifyAttestation({ proof, attester, ...domain }: AttestationCheck): Promise<boolean> {
  const { type, bytes } = proof
  if (type !== 'attested' || bytes.length !== signatureBytes) return false
  const v = bytes[64]
  // The contract takes no other form: one attestation has one encoding.
  if ((v !== 27 && v !== 28) || bytesToBigint(bytes.subarray(32, 64)) > halfCurveOrder) return false
  try {
    const signer = await recoverAddress({ hash: attestationHash(proof, domain), signature: bytesToHex(bytes) })
    return signer.toLowerCase() === attester.toLowerCase()
  } catch {
    // No point of the curve belongs to these bytes.
    return false
  }
}
