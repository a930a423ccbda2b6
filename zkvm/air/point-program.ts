import { modulus } from '../field/goldilocks.ts'

/**
 * Straight-line programs over elements of the extension, for verifiers that are given them as data (contracts/src/l1/stark/PointProgram.sol).
 * An instruction is 7 bytes: operation (3 bits, the lowest of 8) and k (5 bits), then the places (12 bits each) of the result and of the
 * operands a, b, c.
 *
 * A place has room for 85 bits of each coordinate. Only products are reduced, to less than p; what is subtracted is taken from p·2^k. So
 * every value has a bound, and where an operation would pass 2^85, operands are reduced first.
 */
const operations = {
  /** a·b + c, the product reduced */
  multiplyAdd: 0,
  /** a + b */
  add: 1,
  /** a + p·2^k − b */
  subtract: 2,
  /** a·b + c, where b is in the base field */
  scaleAdd: 3,
  /** c + p·2^k − a·b, where b is in the base field */
  subtractScaled: 4,
  /** c + (p·2^k − a)·b, the product reduced */
  subtractProduct: 5,
  /** a·b + p·2^k − c, the product reduced */
  multiplySubtract: 6,
} as const

type OperationName = keyof typeof operations

const instructionBytes = 7
/** Places have 12 bits. */
const maxPlaces = 4096
const endOfCoordinates = 1n << 85n

/** A value of the program: a place that the verifier fills, or what an instruction gives. */
export type Value = number

interface Instruction {
  readonly operation: OperationName
  readonly k: number
  /** No coordinate of the result is larger. */
  readonly bound: bigint
  readonly operands: readonly [Value, Value, Value]
  /** Where the result goes if that is not a register. */
  readonly place?: number
}

/** Records instructions; `encode` gives their results registers, which are reused after the last reader. */
export class PointProgramBuilder {
  readonly #zeroPlace: number
  readonly #firstConstant: number
  readonly #constants = new Map<bigint, number>()
  readonly #instructions: Instruction[] = []

  /** Places below `firstConstant` are the verifier's, `zeroPlace` holds 0. */
  constructor({ zeroPlace, firstConstant }: { readonly zeroPlace: number; readonly firstConstant: number }) {
    this.#zeroPlace = zeroPlace
    this.#firstConstant = firstConstant
  }

  /** Constants in the order of their places. */
  get constants(): readonly bigint[] {
    return [...this.#constants.keys()]
  }

  /** What the verifier puts into a place. */
  provided(place: number): Value {
    return -1 - place
  }

  get zero(): Value {
    return this.provided(this.#zeroPlace)
  }

  constant(value: bigint): Value {
    if (value === 0n) return this.zero
    const index = this.#constants.get(value) ?? this.#constants.size
    this.#constants.set(value, index)
    return this.provided(this.#firstConstant + index)
  }

  add(a: Value, b: Value): Value {
    const [left, right] = this.#boundOf(a) + this.#boundOf(b) < endOfCoordinates ? [a, b] : [this.#reduced(a), this.#reduced(b)]
    return this.#push('add', 0, this.#boundOf(left) + this.#boundOf(right), [left, right, this.zero])
  }

  subtract(a: Value, b: Value): Value {
    const k = offsetFor(this.#boundOf(b))
    const bound = this.#boundOf(a) + (modulus << BigInt(k))
    if (bound >= endOfCoordinates) return this.subtract(this.#reduced(a), this.#reduced(b))
    return this.#push('subtract', k, bound, [a, b, this.zero])
  }

  /** a·b + c */
  multiplyAdd(a: Value, b: Value, c: Value = this.zero): Value {
    const bound = modulus - 1n + this.#boundOf(c)
    if (bound >= endOfCoordinates) return this.multiplyAdd(a, b, this.#reduced(c))
    return this.#push('multiplyAdd', 0, bound, [a, b, c])
  }

  /** a·factor + c */
  scaleAdd(a: Value, factor: bigint, c: Value = this.zero): Value {
    const bound = this.#boundOf(a) * factor + this.#boundOf(c)
    if (bound < endOfCoordinates) return this.#push('scaleAdd', 0, bound, [a, this.constant(factor), c])
    const negated = modulus - factor
    const k = offsetFor(this.#boundOf(a) * negated)
    const boundOfDifference = this.#boundOf(c) + (modulus << BigInt(k))
    if (boundOfDifference < endOfCoordinates) return this.#push('subtractScaled', k, boundOfDifference, [a, this.constant(negated), c])
    return this.multiplyAdd(a, this.constant(factor), c)
  }

  /** c − a·b */
  subtractProduct(a: Value, b: Value, c: Value): Value {
    const k = offsetFor(this.#boundOf(a))
    const bound = modulus + this.#boundOf(c)
    if (modulus << BigInt(k) >= endOfCoordinates || bound >= endOfCoordinates) {
      return this.subtractProduct(this.#reduced(a), b, this.#reduced(c))
    }
    return this.#push('subtractProduct', k, bound, [a, b, c])
  }

  /** a·b − c */
  multiplySubtract(a: Value, b: Value, c: Value): Value {
    const k = offsetFor(this.#boundOf(c))
    const bound = modulus + (modulus << BigInt(k))
    if (bound >= endOfCoordinates) return this.multiplySubtract(a, b, this.#reduced(c))
    return this.#push('multiplySubtract', k, bound, [a, b, c])
  }

  /** Replaces what a place of the verifier's holds by its product with `factor` plus `value`. */
  accumulate(place: number, factor: Value, value: Value): void {
    const own = modulus + this.#boundOf(value) < endOfCoordinates ? value : this.#reduced(value)
    const bound = modulus + this.#boundOf(own)
    this.#instructions.push({ operation: 'multiplyAdd', k: 0, bound, operands: [this.provided(place), factor, own], place })
  }

  /** The bytes of the program, and how many places it takes, its registers included. Throws RangeError if they are too many. */
  encode(): { readonly code: Uint8Array; readonly places: number } {
    const lastReader = new Map<Value, number>()
    this.#instructions.forEach(({ operands }, at) => {
      for (const operand of operands) lastReader.set(operand, at)
    })
    const registers = new Registers(this.#firstConstant + this.#constants.size)
    const placeOf = new Map<Value, number>()
    const code = new Uint8Array(instructionBytes * this.#instructions.length)
    this.#instructions.forEach(({ operation, k, operands, place }, at) => {
      const places = operands.map((operand) => (operand < 0 ? -1 - operand : (placeOf.get(operand) ?? 0)))
      for (const operand of new Set(operands)) {
        const register = placeOf.get(operand)
        if (register !== undefined && lastReader.get(operand) === at) registers.release(register)
      }
      const result = place ?? registers.take()
      placeOf.set(at, result)
      if (place === undefined && !lastReader.has(at)) registers.release(result)
      writeInstruction(code, at * instructionBytes, operations[operation] + 8 * k, [result, ...places])
    })
    if (registers.end > maxPlaces) throw new RangeError(`a program takes ${registers.end} places, ${maxPlaces} at most`)
    return { code, places: registers.end }
  }

  #push(operation: OperationName, k: number, bound: bigint, operands: Instruction['operands']): Value {
    return this.#instructions.push({ operation, k, bound, operands }) - 1
  }

  /** What the verifier provides is below p. */
  #boundOf(value: Value): bigint {
    return this.#instructions[value]?.bound ?? modulus - 1n
  }

  #reduced(value: Value): Value {
    return this.#boundOf(value) < modulus ? value : this.#push('multiplyAdd', 0, modulus - 1n, [value, this.constant(1n), this.zero])
  }
}

/** The least k for which p·2^k is at least the bound. */
function offsetFor(bound: bigint): number {
  let k = 0
  while (modulus << BigInt(k) < bound) k++
  return k
}

class Registers {
  readonly #free: number[] = []
  end: number

  constructor(first: number) {
    this.end = first
  }

  take(): number {
    return this.#free.pop() ?? this.end++
  }

  release(register: number): void {
    this.#free.push(register)
  }
}

function writeInstruction(code: Uint8Array, at: number, operation: number, places: readonly number[]): void {
  const bits = places.reduce((word, place) => (word << 12n) | BigInt(place), BigInt(operation))
  for (let index = 0; index < instructionBytes; index++)
    code[at + index] = Number((bits >> BigInt(8 * (instructionBytes - 1 - index))) & 0xffn)
}
