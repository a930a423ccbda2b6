/** Kinds of tuples on the public bus: what of a run the verifier knows. */
export const publicKind = {
  /** (entry, 0, pc of the first instruction). */
  entry: 0,
  /** (exitCode, 0, code). */
  exitCode: 1,
  /** (output, position, word): the eight words of the committed output, least significant byte first in each. */
  output: 2,
} as const
