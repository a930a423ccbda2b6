import type { PublicValues } from '../tables/public-values.ts'
import { ProofFileError } from './errors.ts'

/*
 * magic (16 bytes of ASCII) ‖ key (32) ‖ entry (4) ‖ exit code (4) ‖ whether there is an output (1) ‖ output (32, zeros without one) ‖ proof.
 * Integers are big-endian. The magic ends in the format's version.
 */
const magic = new TextEncoder().encode('zkdevnet-proof-4')
const at = { key: 16, entry: 48, exitCode: 52, hasOutput: 56, output: 57, proof: 89 } as const

export interface ProofFile {
  /** `verifyingKeyDigest` of the program that was proven, for the height of the first segment. A hint only: the verifier computes it from the program. */
  readonly keyDigest: Uint8Array
  /** What the proof shows, if it is valid. */
  readonly publicValues: PublicValues
  /** `encodeProof`. */
  readonly proof: Uint8Array
}

export function encodeProofFile({ keyDigest, publicValues: { entry, exitCode, output }, proof }: ProofFile): Uint8Array {
  const bytes = new Uint8Array(at.proof + proof.length)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  bytes.set(keyDigest, at.key)
  view.setUint32(at.entry, entry)
  view.setUint32(at.exitCode, exitCode)
  bytes[at.hasOutput] = output === null ? 0 : 1
  if (output !== null) bytes.set(output, at.output)
  bytes.set(proof, at.proof)
  return bytes
}

/** Throws ProofFileError. */
export function decodeProofFile(bytes: Uint8Array): ProofFile {
  if (bytes.length < magic.length || !magic.every((byte, index) => bytes[index] === byte))
    throw new ProofFileError('it does not begin like one')
  if (bytes.length < at.proof) throw new ProofFileError(`it ends after ${bytes.length} bytes, in its header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const hasOutput = bytes[at.hasOutput]
  const output = bytes.slice(at.output, at.proof)
  if (hasOutput !== 0 && hasOutput !== 1) throw new ProofFileError('its header is damaged')
  if (hasOutput === 0 && output.some((byte) => byte !== 0)) throw new ProofFileError('its header is damaged')
  return {
    keyDigest: bytes.slice(at.key, at.entry),
    publicValues: {
      entry: view.getUint32(at.entry),
      exitCode: view.getUint32(at.exitCode),
      output: hasOutput === 1 ? output : null,
    },
    proof: bytes.slice(at.proof),
  }
}
