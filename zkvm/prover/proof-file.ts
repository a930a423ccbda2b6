import type { PublicValues } from '../tables/public-values.ts'
import { ProofFileError } from './errors.ts'

/*
 * magic (16 bytes of ASCII) ‖ entry (4) ‖ exit code (4) ‖ whether there is an output (1) ‖ output (32, zeros without one) ‖ proof.
 * Integers are big-endian. The magic ends in the format's version.
 */
const magic = new TextEncoder().encode('zkdevnet-proof-1')
const headerBytes = magic.length + 4 + 4 + 1 + 32

export interface ProofFile {
  /** What the proof shows, if it is valid. */
  readonly publicValues: PublicValues
  /** `encodeProof`. */
  readonly proof: Uint8Array
}

export function encodeProofFile({ publicValues: { entry, exitCode, output }, proof }: ProofFile): Uint8Array {
  const bytes = new Uint8Array(headerBytes + proof.length)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(magic.length, entry)
  view.setUint32(magic.length + 4, exitCode)
  bytes[magic.length + 8] = output === null ? 0 : 1
  if (output !== null) bytes.set(output, magic.length + 9)
  bytes.set(proof, headerBytes)
  return bytes
}

/** Throws ProofFileError. */
export function decodeProofFile(bytes: Uint8Array): ProofFile {
  if (bytes.length < headerBytes || !magic.every((byte, index) => bytes[index] === byte))
    throw new ProofFileError('it does not begin like one')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const hasOutput = bytes[magic.length + 8]
  const output = bytes.slice(magic.length + 9, headerBytes)
  if (hasOutput !== 0 && hasOutput !== 1) throw new ProofFileError('its header is damaged')
  if (hasOutput === 0 && output.some((byte) => byte !== 0)) throw new ProofFileError('its header is damaged')
  return {
    publicValues: {
      entry: view.getUint32(magic.length),
      exitCode: view.getUint32(magic.length + 4),
      output: hasOutput === 1 ? output : null,
    },
    proof: bytes.slice(headerBytes),
  }
}
