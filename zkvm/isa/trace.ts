/**
 * An access to whole words of RAM: what they held before and after it. A read leaves `after === before`; of an aligned load or store of one or
 * two bytes it is the word around them.
 */
export interface MemoryAccess {
  readonly address: number
  readonly before: Int32Array
  readonly after: Int32Array
}

export interface SystemCall {
  readonly number: number
  /** a0 … a3, as many as the function takes, unsigned. */
  readonly arguments: readonly number[]
  /** In the order in which the function makes them: operands, then the result. */
  readonly accesses: readonly MemoryAccess[]
  /** What the call wrote to a0, where it writes it. */
  readonly answer: number | undefined
}

/**
 * One executed instruction, for the prover. The object is reused: copy what is kept. Register values are signed 32-bit; those of registers
 * that the instruction's format lacks are x0's.
 */
export interface Step {
  /** Counts executed instructions from 0: the step's timestamp. */
  cycle: number
  pc: number
  nextPc: number
  /** Entry of the instruction in the program's code. */
  index: number
  rs1Value: number
  rs2Value: number
  /** Of rd; equal where rd is x0. */
  rdBefore: number
  rdAfter: number
  /** Of a load or store: the address of the word around the bytes, and the word before and after; -1 where there is none. */
  memoryAddress: number
  memoryBefore: number
  memoryAfter: number
  call: SystemCall | undefined
}

export type StepObserver = (step: Readonly<Step>) => void

export function createStep(): Step {
  return {
    cycle: 0,
    pc: 0,
    nextPc: 0,
    index: 0,
    rs1Value: 0,
    rs2Value: 0,
    rdBefore: 0,
    rdAfter: 0,
    memoryAddress: -1,
    memoryBefore: 0,
    memoryAfter: 0,
    call: undefined,
  }
}
