/**
 * What a call of a system function costs to prove, in cycles: its cells over those of a cycle. What is not listed costs one cycle, as it
 * does in the count of cycles.
 */
export const systemFunctionWeights: Readonly<Record<string, number>> = {
  keccak_f: 590,
  keccak_absorb: 590,
  muladd256: 15,
  mulmod256: 15,
  secp256k1_add: 15,
  secp256k1_double: 15,
}

/** Cycles of a run, or of its part so far, with each call of a system function at what it costs to prove. */
export function weightedCycles({
  cycles,
  callCounts,
}: {
  readonly cycles: number
  readonly callCounts: Readonly<Record<string, number>>
}): number {
  let weighted = cycles
  for (const name in systemFunctionWeights) weighted += (callCounts[name] ?? 0) * ((systemFunctionWeights[name] ?? 1) - 1)
  return weighted
}
