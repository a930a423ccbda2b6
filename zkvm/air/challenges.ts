import { maxBusWidth } from './bus.ts'

/**
 * The challenges that follow the main commitments, by their index in expressions: alpha, then the powers of beta from the first on, then
 * those of accumulators.
 */
export const alphaIndex = 0

/** Multiplies element `position` of a bus tuple in its fingerprint. */
export function betaPowerIndex(position: number): number {
  if (position < 0 || position >= maxBusWidth) throw new RangeError(`a bus tuple has no element ${position}`)
  return 1 + position
}

/** Challenges that constraints call by name: for fingerprints of many cells, which accumulators add up. */
export const accumulatorChallenges = ['tau', 'delta'] as const

export type AccumulatorChallenge = (typeof accumulatorChallenges)[number]

export function accumulatorChallengeIndex(name: AccumulatorChallenge): number {
  return 1 + maxBusWidth + accumulatorChallenges.indexOf(name)
}

export const challengeCount = 1 + maxBusWidth + accumulatorChallenges.length
