import { generator, mul, power, rootOfUnity } from '../field/goldilocks.ts'

/** Reverses the lowest `log` bits. */
export function reverseBits(value: number, log: number): number {
  let reversed = 0
  for (let bit = 0; bit < log; bit++) reversed |= ((value >>> bit) & 1) << (log - 1 - bit)
  return reversed >>> 0
}

/**
 * The evaluation domain of a FRI step: the coset shift·H of size 2^log. The domain of step 0 is generator·H; folding by 2^f raises it to
 * that power. Positions are bit-reversed, so that the 2^f values that are folded into one stand side by side.
 */
export interface Domain {
  readonly log: number
  readonly shift: bigint
}

export function evaluationDomain(log: number): Domain {
  return { log, shift: generator }
}

export function foldedDomain({ log, shift }: Domain, logFold: number): Domain {
  return { log: log - logFold, shift: power(shift, 1n << BigInt(logFold)) }
}

export function pointAt({ log, shift }: Domain, position: number): bigint {
  return mul(shift, power(rootOfUnity(log), BigInt(reverseBits(position, log))))
}

/** The shift of block `block` of the domain: 2^logHeight consecutive positions, which are a coset of the subgroup of that size. */
export function blockShift({ log, shift }: Domain, logHeight: number, block: number): bigint {
  return mul(shift, power(rootOfUnity(log), BigInt(reverseBits(block, log - logHeight))))
}
