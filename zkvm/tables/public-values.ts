/** Kinds of tuples on the public bus: what of a run the verifier knows. */
export const publicKind = {
  /** (exitCode, 0, code). */
  exitCode: 1,
  /** (output, position, word): the eight words of the committed output, the least significant byte first in each. */
  output: 2,
} as const

/** What is proven of a run besides which program it was. */
export interface PublicValues {
  /** Where the program begins: part of the program, not of the run. */
  readonly entry: number
  readonly exitCode: number
  /** The 32 bytes that the program committed; null where it committed nothing. */
  readonly output: Uint8Array | null
}

const words = 8

/** entry, exit code, whether there is an output, its eight words (zeros without one). */
export function encodePublicValues({ entry, exitCode, output }: PublicValues): bigint[] {
  const view = output === null ? undefined : new DataView(output.buffer, output.byteOffset, output.byteLength)
  const outputWords = Array.from({ length: words }, (_, index) => BigInt(view?.getUint32(4 * index, true) ?? 0))
  return [BigInt(entry), BigInt(exitCode), output === null ? 0n : 1n, ...outputWords]
}
