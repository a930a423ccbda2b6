/** The prime 2^64 − 2^32 + 1. Elements are canonical bigints: this is what verifiers and oracles compute with; provers use zkvm/kernels. */
export const modulus = 0xffff_ffff_0000_0001n

/** Generates the whole multiplicative group; also the shift of the evaluation domain. */
export const generator = 7n

/** Of order 2^32, chosen among its odd powers so that the root of order 64 is 8. */
const rootOfOrder2To32 = 16334397945464290598n

export const maxLogOrder = 32

export function isElement(value: bigint): boolean {
  return value >= 0n && value < modulus
}

export function add(a: bigint, b: bigint): bigint {
  const sum = a + b
  return sum >= modulus ? sum - modulus : sum
}

export function sub(a: bigint, b: bigint): bigint {
  return a >= b ? a - b : a - b + modulus
}

export function mul(a: bigint, b: bigint): bigint {
  return (a * b) % modulus
}

export function negate(a: bigint): bigint {
  return a === 0n ? 0n : modulus - a
}

/** The element that an integer of any sign and size stands for. */
export function toElement(value: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mul(result, square)
    square = mul(square, square)
  }
  return result
}

/** Throws RangeError for 0. */
export function inverse(a: bigint): bigint {
  if (a === 0n) throw new RangeError('0 has no inverse')
  return power(a, modulus - 2n)
}

/** A primitive root of unity of order 2^logOrder; that of a lower order is a power of that of a higher one. */
export function rootOfUnity(logOrder: number): bigint {
  if (logOrder < 0 || logOrder > maxLogOrder) throw new RangeError(`there is no root of unity of order 2^${logOrder}`)
  return power(rootOfOrder2To32, 1n << BigInt(maxLogOrder - logOrder))
}

/** The inverse of each; 0 for 0. One inversion in all (Montgomery's trick). */
export function inverseAll(values: readonly bigint[]): bigint[] {
  const products: bigint[] = []
  let product = 1n
  for (const value of values) {
    products.push(product)
    if (value !== 0n) product = mul(product, value)
  }
  const inverses = values.map(() => 0n)
  let rest = inverse(product)
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index] ?? 0n
    if (value === 0n) continue
    inverses[index] = mul(rest, products[index] ?? 1n)
    rest = mul(rest, value)
  }
  return inverses
}
