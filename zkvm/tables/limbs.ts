import type { Expression } from '../air/expression.ts'
import { inverse } from '../field/goldilocks.ts'

const inverseOfHalf = inverse(1n << 16n)

/**
 * The part of `value` above its low 16 bits, if `low` are those: (value − low) / 2^16 in the field. Where it is looked up as a half or a
 * byte, and `low` as a half, value = low + 2^16·high holds for integers, because neither side reaches the prime.
 */
export function highPart(value: Expression, low: Expression): Expression {
  return value.sub(low).mul(inverseOfHalf)
}
