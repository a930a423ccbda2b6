import { inverse, modulo } from '../../isa/system/integers.ts'
import { type Arithmetic256Operation, callRows, carryOffset, prime, topLimbOffset } from './operations.ts'

const limbBits = 16n
const limbMask = (1n << limbBits) - 1n
const limbSize = 2 ** 16
const half = 1n << 255n
const carryColumns = 6
/** Of an identity: that of a product modulo m has most. */
const coefficients = 3 * callRows

/** p(X) with p(2^16) = p, lowest coefficient first: few of them, and small. */
const primeLimbs: readonly number[] = [-977, 0, -1, ...new Array<number>(13).fill(0), 1]

/** Numbers of a call, of 256 bits but for a product's result, as a program's memory has them. */
export interface Arithmetic256Values {
  readonly operation: Arithmetic256Operation
  /** x and y of the point that is replaced; of no meaning in a product. */
  readonly before: readonly [bigint, bigint]
  /** The other point, or both factors. */
  readonly left: readonly [bigint, bigint]
  /** What a product is added to, or the modulus. */
  readonly right: bigint
  /** The point that replaces, or the low and the high half of the result. */
  readonly after: readonly [bigint, bigint]
}

/** What the table has besides operands and results. Limbs of 16 bits, the lowest first. */
export interface Arithmetic256Witness {
  readonly slope: Uint16Array
  readonly quotients: readonly [Uint16Array, Uint16Array, Uint16Array]
  /** Of a doubling's first quotient, a quarter of what is to be taken away from it. */
  readonly excess: bigint
  /** Six times 16 carries and their offset. */
  readonly carries: Uint32Array
}

/** Throws RangeError for a result that is not the operation's: no limbs and carries show that it is. */
export function witnessOf(values: Arithmetic256Values): Arithmetic256Witness {
  switch (values.operation) {
    case 'mulAdd':
    case 'mulMod':
      return productWitness(values)
    default:
      return curveWitness(values, slopeOf(values))
  }
}

/** What the slope's fraction has above and below. */
function riseAndRun({ operation, before: [x1, y1], left: [x2, y2] }: Arithmetic256Values): readonly [bigint, bigint] {
  return operation === 'double' ? [3n * x1 * x1, 2n * y1] : [y2 - y1, x2 - x1]
}

/** Nearest to 0, so that 16 limbs and an offset have room for the quotients. */
function slopeOf(values: Arithmetic256Values): bigint {
  const [rise, run] = riseAndRun(values)
  const least = modulo(rise * inverse(run, prime), prime)
  return least > prime / 2n ? least - prime : least
}

function productWitness({ operation, left: [a, b], right, after: [low, high] }: Arithmetic256Values): Arithmetic256Witness {
  const isReduced = operation === 'mulMod'
  const quotient = isReduced && right > 0n ? (a * b) / right : 0n
  const sum = new Float64Array(coefficients)
  addProduct(sum, toLimbs(a), toLimbs(b), 1)
  addLimbs(sum, toLimbs(low), -1)
  const carries = new Uint32Array(carryColumns * callRows).fill(carryOffset)
  if (isReduced) addProduct(sum, toLimbs(quotient, 2 * callRows), toLimbs(right), -1)
  else {
    addLimbs(sum, toLimbs(high), -1, callRows)
    addLimbs(sum, toLimbs(right), 1)
  }
  putCarries(carries, 0, coefficients, sum)
  const limbs = toLimbs(quotient, 2 * callRows)
  const quotients = [limbs.slice(0, callRows), limbs.slice(callRows), new Uint16Array(callRows)] as const
  return { slope: new Uint16Array(callRows), quotients, excess: 0n, carries }
}

/** With any slope for which the three identities hold with some quotients. */
export function curveWitness(values: Arithmetic256Values, slope: bigint): Arithmetic256Witness {
  const { operation, before, left, after } = values
  const [x1, y1] = before
  const [x3, y3] = after
  const isDouble = operation === 'double'
  const [x2, y2] = isDouble ? before : left
  const [rise, run] = riseAndRun(values)
  const first = (slope * run - rise) / prime
  // A doubling's is between −4p and p, others within 2^255 of 0.
  const excess = isDouble && first < 0n ? (3n - first) / 4n : 0n
  const quotients = [
    toLimbs(first + (isDouble ? 4n * excess : half)),
    toLimbs((slope * slope - x1 - x2 - x3) / prime + half),
    toLimbs((slope * (x1 - x3) - y1 - y3) / prime + half),
  ] as const
  const slopeLimbs = toLimbs(slope + half)
  const lambda = lessOffset(slopeLimbs)
  const carries = new Uint32Array(carryColumns * callRows)
  const identity = (index: number, factor: Float64Array, quotient: Float64Array, others: readonly Float64Array[]): void => {
    const sum = new Float64Array(coefficients)
    addProduct(sum, lambda, factor, 1)
    addProduct(sum, quotient, primeLimbs, -1)
    for (const limbs of others) addLimbs(sum, limbs, -1)
    if (index === 0 && isDouble) addProduct(sum, toLimbs(x1), toLimbs(x1), -3)
    putCarries(carries, 2 * callRows * index, 2 * callRows, sum)
  }
  if (isDouble) identity(0, combined(y1, 2), combined(first + 4n * excess, 1, excess, -4), [])
  else identity(0, combined(x2, 1, x1, -1), lessOffset(quotients[0]), [combined(y2, 1, y1, -1)])
  identity(1, lambda, lessOffset(quotients[1]), [combined(x1, 1, x2, 1), combined(x3, 1)])
  identity(2, combined(x1, 1, x3, -1), lessOffset(quotients[2]), [combined(y1, 1, y3, 1)])
  return { slope: slopeLimbs, quotients, excess, carries }
}

/** Throws RangeError for a number of more limbs, and for a negative one. */
function toLimbs(value: bigint, length: number = callRows): Uint16Array {
  if (value < 0n || value >> (limbBits * BigInt(length)) !== 0n) throw new RangeError(`${value} has not ${length} limbs of 16 bits`)
  const limbs = new Uint16Array(length)
  let rest = value
  for (let index = 0; index < length; index++) {
    limbs[index] = Number(rest & limbMask)
    rest >>= limbBits
  }
  return limbs
}

/** Limb by limb, scaleA·a + scaleB·b. */
function combined(a: bigint, scaleA: number, b = 0n, scaleB = 0): Float64Array {
  const other = toLimbs(b)
  return Float64Array.from(toLimbs(a), (limb, index) => scaleA * limb + scaleB * (other[index] ?? 0))
}

/** The limbs of a number that is 2^255 less. */
function lessOffset(limbs: Uint16Array): Float64Array {
  const less = Float64Array.from(limbs)
  less[callRows - 1] = (less[callRows - 1] ?? 0) - topLimbOffset
  return less
}

function addLimbs(sum: Float64Array, limbs: ArrayLike<number>, sign: number, from = 0): void {
  for (let index = 0; index < limbs.length; index++) sum[from + index] = (sum[from + index] ?? 0) + sign * (limbs[index] ?? 0)
}

/** All products of limbs are integers below 2^53. */
function addProduct(sum: Float64Array, a: ArrayLike<number>, b: ArrayLike<number>, sign: number): void {
  for (let i = 0; i < a.length; i++) {
    const factor = sign * (a[i] ?? 0)
    if (factor === 0) continue
    for (let j = 0; j < b.length; j++) sum[i + j] = (sum[i + j] ?? 0) + factor * (b[j] ?? 0)
  }
}

/** Puts `length` coefficients of the polynomial k with sum = (X − 2^16)·k, which there is where the sum's limbs come to 0. */
function putCarries(carries: Uint32Array, from: number, length: number, sum: Float64Array): void {
  let carry = 0
  for (let index = 0; index < sum.length; index++) {
    carry = (carry - (sum[index] ?? 0)) / limbSize
    if (!Number.isInteger(carry) || (index >= length && carry !== 0)) throw new RangeError('the result is not that of the operation')
    if (index < length) carries[from + index] = carry + carryOffset
  }
}
