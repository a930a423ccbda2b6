import * as base from './goldilocks.ts'

/** An element c0 + c1·X + c2·X² of the cubic extension F[X]/(X³ − 2), where challenges and out-of-domain values live. */
export type Extension = readonly [bigint, bigint, bigint]

export const degree = 3

export const zero: Extension = [0n, 0n, 0n]
export const one: Extension = [1n, 0n, 0n]

export function fromBase(value: bigint): Extension {
  return [value, 0n, 0n]
}

/** Three canonical coordinates. */
export function isExtension(a: readonly bigint[]): boolean {
  return a.length === degree && a.every(base.isElement)
}

export function isInBase(a: Extension): boolean {
  return a[1] === 0n && a[2] === 0n
}

export function equals(a: Extension, b: Extension): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2]
}

export function add(a: Extension, b: Extension): Extension {
  return [base.add(a[0], b[0]), base.add(a[1], b[1]), base.add(a[2], b[2])]
}

export function sub(a: Extension, b: Extension): Extension {
  return [base.sub(a[0], b[0]), base.sub(a[1], b[1]), base.sub(a[2], b[2])]
}

export function scale(a: Extension, factor: bigint): Extension {
  return [base.mul(a[0], factor), base.mul(a[1], factor), base.mul(a[2], factor)]
}

export function mul([a0, a1, a2]: Extension, [b0, b1, b2]: Extension): Extension {
  return [
    (a0 * b0 + 2n * (a1 * b2 + a2 * b1)) % base.modulus,
    (a0 * b1 + a1 * b0 + 2n * (a2 * b2)) % base.modulus,
    (a0 * b2 + a1 * b1 + a2 * b0) % base.modulus,
  ]
}

/** Throws RangeError for 0. */
export function inverse(a: Extension): Extension {
  // a · adjugate = norm, which is in the base field.
  const [a0, a1, a2] = a
  const adjugate: Extension = [
    base.toElement(a0 * a0 - 2n * a1 * a2),
    base.toElement(2n * a2 * a2 - a0 * a1),
    base.toElement(a1 * a1 - a0 * a2),
  ]
  const norm = base.toElement(a0 * adjugate[0] + 2n * (a1 * adjugate[2] + a2 * adjugate[1]))
  return scale(adjugate, base.inverse(norm))
}

export function power(a: Extension, exponent: bigint): Extension {
  let result = one
  let square = a
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mul(result, square)
    square = mul(square, square)
  }
  return result
}
