import { addressMap, maxInputLength } from './address-map.ts'
import type { Program } from './elf.ts'
import { InputTooLongError } from './errors.ts'
import { toFault } from './fault.ts'
import { instructionOf } from './instructions.ts'
import { createHart, type Executable, execute, type Hart, stop, toExecutable } from './interpreter.ts'
import { createMemory, type Memory } from './memory.ts'
import { SystemCalls } from './system/calls.ts'
import { createStep, type StepObserver } from './trace.ts'

export interface MachineOptions {
  readonly program: Program
  /** Private input, at most `maxInputLength` bytes. */
  readonly input?: Uint8Array
  /** Gets what the program logs. */
  readonly onLog?: (bytes: Uint8Array) => void
  /** Gives other words than those that a hint's request is answered with, as a dishonest prover may: for tests. */
  readonly replaceHint?: (words: Int32Array) => Int32Array
}

const CHUNK = 2 ** 30
const firstLoad = instructionOf('lb').id
const lastStore = instructionOf('sw').id

/** A program with its private input, stopped somewhere in its run. */
export class Machine {
  readonly program: Program
  readonly memory: Memory
  readonly #hart: Hart
  readonly #executable: Executable
  readonly #calls: SystemCalls

  /** @throws InputTooLongError */
  constructor({ program, input = new Uint8Array(0), onLog, replaceHint }: MachineOptions) {
    if (input.length > maxInputLength) throw new InputTooLongError({ length: input.length, limit: maxInputLength })
    this.program = program
    this.memory = createMemory()
    for (const { address, bytes } of program.segments) this.memory.bytes.set(bytes, address)
    this.memory.words[addressMap.inputStart >>> 2] = input.length
    this.memory.bytes.set(input, addressMap.inputBytesStart)
    this.#hart = createHart(program.entry)
    this.#executable = toExecutable(program.code)
    this.#calls = new SystemCalls({ memory: this.memory, registers: this.#hart.registers, onLog, replaceHint })
  }

  get cycles(): number {
    return this.#hart.cycles
  }

  get pc(): number {
    return this.#hart.pc >>> 0
  }

  /** Undefined until the program halts. */
  get exitCode(): number | undefined {
    return this.#calls.exitCode
  }

  /** Public output, once committed. */
  get output(): Uint8Array | undefined {
    return this.#calls.output
  }

  /** Calls by the name of the system function. */
  get callCounts(): Readonly<Record<string, number>> {
    return this.#calls.counts
  }

  /** x0 … x31, a copy. */
  get registers(): Int32Array {
    return this.#hart.registers.slice(0, 32)
  }

  /**
   * Runs until the program halts or `maxCycles` instructions have been executed in all.
   *
   * @throws MachineFaultError
   */
  run(maxCycles: number): void {
    while (this.exitCode === undefined && this.#hart.cycles < maxCycles) {
      const reason = execute(this.#hart, this.#executable, this.memory, Math.min(CHUNK, maxCycles - this.#hart.cycles))
      if (reason === stop.ecall) {
        this.#calls.perform(this.#refuse)
        this.#passCall()
      } else if (reason !== stop.budget) throw toFault({ reason, hart: this.#hart, program: this.program })
    }
  }

  /**
   * The same, and shows each instruction after it was executed. It is the same interpreter, one instruction at a time.
   *
   * @throws MachineFaultError
   */
  runObserved(maxCycles: number, observe: StepObserver): void {
    const hart = this.#hart
    const { registers } = hart
    const { code } = this.program
    const { words } = this.memory
    const step = createStep()
    while (this.exitCode === undefined && hart.cycles < maxCycles) {
      const index = (hart.pc - code.base) >>> 2
      const op = code.op[index] ?? -1
      const rd = code.rd[index] ?? 0
      step.cycle = hart.cycles
      step.pc = hart.pc >>> 0
      step.index = index
      step.rs1Value = registers[code.rs1[index] ?? 0] ?? 0
      step.rs2Value = registers[code.rs2[index] ?? 0] ?? 0
      step.rdBefore = registers[rd] ?? 0
      const isAccess = op >= firstLoad && op <= lastStore
      step.memoryAddress = isAccess ? ((step.rs1Value + (code.imm[index] ?? 0)) & ~3) >>> 0 : -1
      step.memoryBefore = isAccess ? (words[step.memoryAddress >>> 2] ?? 0) : 0

      const reason = execute(hart, this.#executable, this.memory, 1)
      step.call = reason === stop.ecall ? this.#calls.performObserved(this.#refuse) : undefined
      if (reason !== stop.ecall && reason !== stop.budget) throw toFault({ reason, hart, program: this.program })
      if (reason === stop.ecall) this.#passCall()

      step.nextPc = hart.pc >>> 0
      step.rdAfter = registers[rd] ?? 0
      step.memoryAfter = isAccess ? (words[step.memoryAddress >>> 2] ?? 0) : 0
      observe(step)
    }
  }

  readonly #refuse = (what: string): never => {
    throw toFault({ reason: stop.ecall, hart: this.#hart, program: this.program, what })
  }

  #passCall(): void {
    const hart = this.#hart
    hart.cycles += 1
    // Where the program halts, pc stays on the call: it is the last row of the trace.
    if (this.exitCode === undefined) hart.pc = (hart.pc + 4) | 0
  }
}
