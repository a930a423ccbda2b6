/**
 * Straight-line programs over elements of the extension, for verifiers that are given them as data (contracts/src/l1/stark/PointProgram.sol).
 * An instruction is 7 bytes: operation (8 bits), then the places (12 bits each) of the result and of the operands a, b, c.
 */
const operations = {
  /** a·b + c */
  multiplyAdd: 0,
  /** a + b */
  add: 1,
  /** a − b */
  subtract: 2,
  /** a·b + c, where b is in the base field */
  scaleAdd: 3,
  /** c − a·b */
  subtractProduct: 4,
  /** a·b − c */
  multiplySubtract: 5,
} as const

type OperationName = keyof typeof operations

const instructionBytes = 7
/** Places have 12 bits. */
const maxPlaces = 4096

/** A value of the program: a place that the verifier fills, or what an instruction gives. */
export type Value = number

interface Instruction {
  readonly operation: OperationName
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
    return this.#push({ operation: 'add', operands: [a, b, this.zero] })
  }

  subtract(a: Value, b: Value): Value {
    return this.#push({ operation: 'subtract', operands: [a, b, this.zero] })
  }

  /** a·b + c */
  multiplyAdd(a: Value, b: Value, c: Value = this.zero): Value {
    return this.#push({ operation: 'multiplyAdd', operands: [a, b, c] })
  }

  /** a·factor + c */
  scaleAdd(a: Value, factor: bigint, c: Value = this.zero): Value {
    return this.#push({ operation: 'scaleAdd', operands: [a, this.constant(factor), c] })
  }

  /** c − a·b */
  subtractProduct(a: Value, b: Value, c: Value): Value {
    return this.#push({ operation: 'subtractProduct', operands: [a, b, c] })
  }

  /** a·b − c */
  multiplySubtract(a: Value, b: Value, c: Value): Value {
    return this.#push({ operation: 'multiplySubtract', operands: [a, b, c] })
  }

  /** Replaces what a place of the verifier's holds by its product with `factor` plus `value`. */
  accumulate(place: number, factor: Value, value: Value): void {
    this.#instructions.push({ operation: 'multiplyAdd', operands: [this.provided(place), factor, value], place })
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
    this.#instructions.forEach(({ operation, operands, place }, at) => {
      const places = operands.map((operand) => (operand < 0 ? -1 - operand : (placeOf.get(operand) ?? 0)))
      for (const operand of new Set(operands)) {
        const register = placeOf.get(operand)
        if (register !== undefined && lastReader.get(operand) === at) registers.release(register)
      }
      const result = place ?? registers.take()
      placeOf.set(at, result)
      if (place === undefined && !lastReader.has(at)) registers.release(result)
      writeInstruction(code, at * instructionBytes, operations[operation], [result, ...places])
    })
    if (registers.end > maxPlaces) throw new RangeError(`a program takes ${registers.end} places, ${maxPlaces} at most`)
    return { code, places: registers.end }
  }

  #push(instruction: Instruction): Value {
    return this.#instructions.push(instruction) - 1
  }
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
