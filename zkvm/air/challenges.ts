import { add, type Extension, fromBase } from '../field/extension.ts'
import { busIds, maxBusWidth } from './bus.ts'

/**
 * The challenges that follow the main commitments, by their index in expressions: alpha, then the powers of beta from the first on, then
 * those of accumulators, then what each segment derives from them.
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

/** Takes alpha's place on buses that balance within a segment: α + 256·(segment + 1). */
export const localAlphaIndex = 1 + maxBusWidth + accumulatorChallenges.length

/** The segment's place in the run, from 0 on: an element of the base field. */
export const segmentIndexIndex = localAlphaIndex + 1

export const challengeCount = segmentIndexIndex + 1

/** The challenges as the expressions of a segment see them: those drawn once for all segments, then its own. */
export function segmentChallenges(drawn: readonly Extension[], segment: number): Extension[] {
  const alpha = drawn[alphaIndex]
  if (alpha === undefined || drawn.length !== localAlphaIndex)
    throw new RangeError(`${drawn.length} challenges are drawn in place of ${localAlphaIndex}`)
  const local = add(alpha, fromBase(BigInt(busIds * (segment + 1))))
  return [...drawn, local, fromBase(BigInt(segment))]
}
