/** Of 8-bit integers; see digits.c. */
export interface Network {
  readonly hiddenBias: Int32Array
  readonly outputBias: Int32Array
  /** A row for each hidden neuron. */
  readonly hiddenWeights: readonly Int8Array[]
  /** A row for each digit. */
  readonly outputWeights: readonly Int8Array[]
  readonly hiddenShift: number
}

function dot(weights: Int8Array, values: ArrayLike<number>): number {
  return weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? 0), 0)
}

/** The digit that the network reads in these pixels, computed as `digits.c` does. */
export function classify(
  { hiddenBias, outputBias, hiddenWeights, outputWeights, hiddenShift }: Network,
  pixels: ArrayLike<number>,
): number {
  const hidden = hiddenWeights.map((row, index) => {
    const sum = (hiddenBias[index] ?? 0) + dot(row, pixels)
    return Math.min(127, Math.max(0, sum) >> hiddenShift)
  })
  const scores = outputWeights.map((row, index) => (outputBias[index] ?? 0) + dot(row, hidden))
  return scores.indexOf(Math.max(...scores))
}

/** The weights as they lie in the program's memory. */
export function networkBytes({ hiddenBias, outputBias, hiddenWeights, outputWeights }: Network): Uint8Array {
  const parts = [hiddenBias, outputBias, ...hiddenWeights, ...outputWeights]
  return Uint8Array.from(parts.flatMap(({ buffer, byteOffset, byteLength }) => [...new Uint8Array(buffer, byteOffset, byteLength)]))
}
