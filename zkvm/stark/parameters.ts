/** Constants of prover and verifier; part of what the transcript begins with. */
export interface StarkParameters {
  /** The evaluation domain is 2^logBlowup times as large as the tallest table. */
  readonly logBlowup: number
  readonly queries: number
  /** Leading zero bits that a hash must have before queries are drawn. */
  readonly grindingBits: number
  /** Each FRI step folds 2^logFold values into one. */
  readonly logFold: number
  /** Folding ends as soon as the polynomial has no more coefficients than 2^this. */
  readonly maxLogFinalLength: number
  /** A table is at most 2^this times lower than the tallest one. */
  readonly maxLogPack: number
  readonly minLogHeight: number
  readonly maxLogHeight: number
}

/** 100 provable bits at every height (security.ts); below 2^11 rows, what packing costs would take some of them. */
export const defaultParameters: StarkParameters = {
  logBlowup: 3,
  queries: 52,
  grindingBits: 23,
  logFold: 3,
  maxLogFinalLength: 6,
  maxLogPack: 5,
  minLogHeight: 11,
  maxLogHeight: 21,
}

/** A run that takes more segments than this has no proof: the soundness of its buses counts the rows of so many. */
export const maxSegments = 256

/** Number of FRI steps and of coefficients at the end for polynomials below degree 2^logHeight. */
export function foldingPlan(
  { logFold, maxLogFinalLength }: StarkParameters,
  logHeight: number,
): { readonly steps: number; readonly logFinalLength: number } {
  const steps = Math.max(0, Math.ceil((logHeight - maxLogFinalLength) / logFold))
  return { steps, logFinalLength: logHeight - steps * logFold }
}
