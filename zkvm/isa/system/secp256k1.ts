import { integerToWords, modulo, power, wordsToInteger } from './integers.ts'
import { curveRoot } from './kernel.ts'

/** SEC 2, 2.4.1: the field's prime and the group's order. */
const p = 2n ** 256n - 2n ** 32n - 977n
const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * Short vectors of the lattice of (u, v) with u + v·λ ≡ 0 mod n, where λ is the cube root of 1 that goes with the curve's endomorphism
 * (Gallant, Lambert, Vanstone 2001). They come out of the extended Euclidean algorithm on n and λ, stopped at √n.
 */
const lambda = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n

interface Vector {
  readonly u: bigint
  readonly v: bigint
}

function shortVectors(): [Vector, Vector] {
  let [before, current]: [Vector, Vector] = [
    { u: n, v: 0n },
    { u: lambda, v: -1n },
  ]
  while (current.u * current.u >= n) {
    const quotient = before.u / current.u
    ;[before, current] = [current, { u: before.u - quotient * current.u, v: before.v - quotient * current.v }]
  }
  const quotient = before.u / current.u
  const next = { u: before.u - quotient * current.u, v: before.v - quotient * current.v }
  const norm = ({ u, v }: Vector) => u * u + v * v
  return [current, norm(before) <= norm(next) ? before : next]
}

const [first, second] = shortVectors()
const determinant = first.u * second.v - second.u * first.v

function roundedQuotient(a: bigint, b: bigint): bigint {
  const [numerator, denominator] = b < 0n ? [-a, -b] : [a, b]
  const doubled = 2n * numerator + denominator
  return (doubled - modulo(doubled, 2n * denominator)) / (2n * denominator)
}

/** k1 + k2·λ ≡ scalar mod n with |k1|, |k2| < 2^129: the scalar minus the lattice's nearest vector. */
export function splitScalar(scalar: bigint): { k1: bigint; k2: bigint } {
  const a = roundedQuotient(scalar * second.v, determinant)
  const b = roundedQuotient(-scalar * first.v, determinant)
  return { k1: scalar - a * first.u - b * second.u, k2: -a * first.v - b * second.v }
}

/** The even root modulo a prime ≡ 3 mod 4, or 0 where there is none. */
export function evenSquareRoot(value: bigint, modulus: bigint): bigint {
  if ((modulus & 3n) !== 3n) return 0n
  const root = modulus === p ? wordsToInteger(curveRoot(integerToWords(value % p, 8))) : power(value, (modulus + 1n) / 4n, modulus)
  if ((root * root - value) % modulus !== 0n) return 0n
  return (root & 1n) === 0n ? root : modulus - root
}
