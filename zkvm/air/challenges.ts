import { maxBusWidth } from './bus.ts'

/** The challenges that follow the main commitments, by their index in expressions: alpha, then the powers of beta from the first on. */
export const alphaIndex = 0

/** Multiplies element `position` of a bus tuple in its fingerprint. */
export function betaPowerIndex(position: number): number {
  if (position < 0 || position >= maxBusWidth) throw new RangeError(`a bus tuple has no element ${position}`)
  return 1 + position
}

export const challengeCount = 1 + maxBusWidth
