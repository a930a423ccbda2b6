import type { Trace } from '../../air/air.ts'
import type { Step } from '../../isa/trace.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import { allocateWords } from '../../kernels/words.ts'
import { AluRows } from '../alu/trace.ts'
import { arithmetic256Operation, callRows } from '../arithmetic256/operations.ts'
import { Arithmetic256Rows } from '../arithmetic256/trace.ts'
import { ByteLookups } from '../bytes/lookups.ts'
import type { CarriedCell } from '../carried-memory.ts'
import { CpuRows, isBranchTaken, timestampOf } from '../cpu/trace.ts'
import { NotProvableError } from '../errors.ts'
import { fixedHeightFor, heightFor } from '../heights.ts'
import { operationRows, stateWords } from '../keccak/lanes.ts'
import { KeccakLookups } from '../keccak/lookups.ts'
import { isKeccakNumber, KeccakPortRows } from '../keccak/port-trace.ts'
import { KeccakRows } from '../keccak/trace.ts'
import { MemoryRows } from '../memory/trace.ts'
import { type Cell, MemoryState } from '../memory-state.ts'
import { isMulDivOperation, MulDivRows } from '../muldiv/trace.ts'
import type { ProgramInstruction } from '../program/instruction.ts'
import { ramRows } from '../ram/trace.ts'
import { putCounts } from '../rows.ts'
import { committedWords } from '../system/air.ts'
import { SystemRows } from '../system/trace.ts'
import { haltNumber } from '../time.ts'
import { type MachineTableName, machineTableNames } from './machine-air.ts'
import type { MachineProgram } from './machine-program.ts'

/** Where the rows of a segment begin. */
export interface SegmentStart {
  /** Its place in the run, from 0 on. */
  readonly segment: number
  readonly firstCycle: number
  /** x0, x1, … before its first instruction. */
  readonly registers: ArrayLike<number>
}

export interface RowsOptions {
  readonly memory?: WordPool | undefined
  /** How many instructions there will be at most, where that is known. */
  readonly cycles?: number | undefined
}

const runStart: SegmentStart = { segment: 0, firstCycle: 0, registers: [] }

/** Registers that cpu accesses and a word of RAM: what an instruction touches if it calls nothing. */
const touchedByInstruction = 4
/** Where calls have their arguments. */
const argumentRegisters = 4
const callNumberRegister = 17

/** The rows of all tables of a segment, while a run goes on. */
export class MachineRows {
  readonly #program: MachineProgram
  readonly #lookups = new ByteLookups()
  readonly #registers = new MemoryState()
  readonly #ram = new MemoryState()
  readonly #cpu: CpuRows
  readonly #alu: AluRows
  readonly #mulDiv: MulDivRows
  readonly #memory: MemoryRows
  readonly #system: SystemRows
  readonly #keccakLookups = new KeccakLookups()
  readonly #keccak: KeccakRows
  readonly #keccakPort: KeccakPortRows
  readonly #arithmetic256: Arithmetic256Rows
  readonly #ranCounts: Uint32Array
  readonly #registerValues = new Uint32Array(32)
  readonly #segment: number
  readonly #options: RowsOptions
  readonly firstCycle: number

  constructor(program: MachineProgram, { segment, firstCycle, registers }: SegmentStart = runStart, options: RowsOptions = {}) {
    this.#program = program
    this.#options = options
    this.#segment = segment
    this.firstCycle = firstCycle
    this.#registerValues.set(registers)
    const { memory } = options
    const context = { registers: this.#registers, ram: this.#ram, lookups: this.#lookups, memory }
    this.#cpu = new CpuRows({ ...context, expected: options.cycles })
    this.#alu = new AluRows(context)
    this.#mulDiv = new MulDivRows(context)
    this.#memory = new MemoryRows(context)
    this.#system = new SystemRows(context)
    this.#keccak = new KeccakRows({ lookups: this.#keccakLookups, memory })
    this.#keccakPort = new KeccakPortRows({ ...context, permutations: this.#keccak })
    this.#arithmetic256 = new Arithmetic256Rows(context)
    this.#ranCounts = new Uint32Array(program.instructions.length)
  }

  /** The empty rows of the next segment, which goes on from here. */
  following(firstCycle: number): MachineRows {
    return new MachineRows(this.#program, { segment: this.#segment + 1, firstCycle, registers: this.#registerValues }, this.#options)
  }

  /**
   * Whether no table has more than `maxRows` rows once the instruction is there, too, and the row after it that a segment needs which does not halt. The
   * first segment's list of all addresses is not looked at.
   */
  hasRoomFor({ call, index }: Readonly<Step>, maxRows: number): boolean {
    const isCall = this.#program.instructions[index]?.class === 'ecall'
    const number = this.#registerValues[callNumberRegister] ?? 0
    const isPermutation = isCall && isKeccakNumber(number)
    const accessed = call?.accesses.reduce((sum, { before }) => sum + before.length, argumentRegisters) ?? 0
    return (
      this.#cpu.rows.count + (isCall && number === haltNumber ? 1 : 2) <= maxRows &&
      this.#alu.rows.count < maxRows &&
      this.#mulDiv.rows.count < maxRows &&
      this.#memory.rows.count < maxRows &&
      this.#system.rows.count + (isCall ? committedWords : 0) <= maxRows &&
      this.#keccak.count + (isPermutation ? operationRows : 0) <= maxRows &&
      this.#keccakPort.rows.count + (isPermutation ? stateWords : 0) <= maxRows &&
      this.#arithmetic256.rows.count + (isCall && arithmetic256Operation(number) !== undefined ? callRows : 0) <= maxRows &&
      this.#registers.size + this.#ram.size + touchedByInstruction + accessed <= maxRows
    )
  }

  /** The registers that the segment has touched, ascending. */
  get registers(): Cell[] {
    return this.#registers.cells()
  }

  /** The words of RAM that the segment has touched, ascending. */
  get ram(): Cell[] {
    return this.#ram.cells()
  }

  push(step: Readonly<Step>): void {
    const instruction = this.#program.instructions[step.index]
    if (instruction === null || instruction === undefined)
      throw new NotProvableError(`the word at 0x${step.pc.toString(16)} is no instruction with a table`)
    this.#ranCounts[step.index] = (this.#ranCounts[step.index] ?? 0) + 1
    const values = this.#registerValues
    const rs1 = values[instruction.rs1] ?? 0
    const rs2 = values[instruction.rs2] ?? 0
    const rdBefore = values[instruction.rd] ?? 0
    const rdAfter = this.#resultOf(instruction, step, rdBefore)
    values[instruction.rd] = rdAfter
    const { nextPc } = step
    const cycle = step.cycle - this.firstCycle
    this.#cpu.push({ instruction, cycle, rs1, rs2, rdBefore, rdAfter, nextPc })
    const { operation, immediate, class: kind } = instruction
    if (kind === 'alu') (isMulDivOperation(operation) ? this.#mulDiv : this.#alu).push(operation, rs1, (rs2 + immediate) >>> 0, rdAfter)
    else if (kind === 'branch') this.#alu.push(operation, rs1, rs2, isBranchTaken({ instruction, rs1, rs2, nextPc }) ? 1 : 0)
    else if (kind === 'loadStore') {
      this.#memory.push({
        operation,
        address: (rs1 + immediate) >>> 0,
        stored: rs2,
        result: rdAfter,
        timestamp: timestampOf(cycle) + 2,
        before: step.memoryBefore >>> 0,
        after: step.memoryAfter >>> 0,
      })
    } else if (kind === 'ecall' && rs1 !== haltNumber) this.#call(step, rs1, rs2, rdAfter)
  }

  /** The tables, given the cells that `ram` lists; none is lower than the tallest by more than 2^maxLogPack. */
  finish({
    maxLogPack,
    ...cells
  }: {
    readonly maxLogPack: number
    readonly registers: readonly CarriedCell[]
    readonly ram: readonly CarriedCell[]
  }): Trace[] {
    const { image, regions } = this.#program
    const lookups = this.#lookups
    const ram = ramRows({ ...cells, segment: this.#segment, image, regions, lookups, memory: this.#options.memory })
    const logHeights = {
      cpu: heightFor(this.#cpu.count).logHeight,
      alu: heightFor(this.#alu.rows.count).logHeight,
      muldiv: heightFor(this.#mulDiv.rows.count).logHeight,
      memory: heightFor(this.#memory.rows.count).logHeight,
      system: heightFor(this.#system.rows.count).logHeight,
      keccak: heightFor(this.#keccak.count).logHeight,
      keccakPort: heightFor(this.#keccakPort.rows.count).logHeight,
      arithmetic256: heightFor(this.#arithmetic256.rows.count).logHeight,
      ram: heightFor(ram.rows.count).logHeight,
      bytes: fixedHeightFor(0).logHeight,
      keccakLookups: fixedHeightFor(0).logHeight,
      program: fixedHeightFor(this.#program.instructions.length).logHeight,
      image: fixedHeightFor(image.size).logHeight,
      regions: fixedHeightFor(regions.length).logHeight,
    }
    const logs = machineTableNames.map((name) => logHeights[name])
    const tallest = Math.max(...logs)
    const traces: Record<MachineTableName, (logHeight: number) => Trace> = {
      cpu: (log) => this.#cpu.toTrace(log),
      alu: (log) => this.#alu.toTrace(log),
      muldiv: (log) => this.#mulDiv.toTrace(log),
      memory: (log) => this.#memory.rows.toTrace(log),
      system: (log) => this.#system.rows.toTrace(log),
      ram: (log) => ram.rows.toTrace(log),
      keccak: (log) => this.#keccak.toTrace(log),
      keccakPort: (log) => this.#keccakPort.rows.toTrace(log),
      arithmetic256: (log) => this.#arithmetic256.toTrace(log),
      bytes: (logHeight) => ({ logHeight, main: lookups.main() }),
      keccakLookups: (logHeight) => ({ logHeight, main: this.#keccakLookups.main() }),
      program: (log) => countsTrace(this.#ranCounts, log),
      image: (log) =>
        countsTrace(
          Uint32Array.from(image.keys(), (address) => (ram.imageWords.has(address) ? 1 : 0)),
          log,
        ),
      regions: (log) => countsTrace(Uint32Array.from(ram.regionCounts), log),
    }
    const finished = machineTableNames.map((name, index) => traces[name](Math.max(logs[index] ?? 0, tallest - maxLogPack)))
    ram.rows.release()
    this.release()
    return finished
  }

  /** Nothing is asked of the rows any more. */
  release(): void {
    for (const { rows } of [this.#cpu, this.#alu, this.#mulDiv, this.#memory, this.#system, this.#keccakPort, this.#arithmetic256])
      rows.release()
  }

  #resultOf({ class: kind, rd }: ProgramInstruction, step: Readonly<Step>, before: number): number {
    if (kind === 'ecall') return step.call?.answer === undefined ? before : step.call.answer >>> 0
    return rd === 0 ? 0 : step.rdAfter >>> 0
  }

  #call({ call, cycle }: Readonly<Step>, number: number, argument: number, result: number): void {
    const timestamp = timestampOf(cycle - this.firstCycle)
    const accessed = call?.accesses.map(({ before }) => Uint32Array.from(before)) ?? []
    if (isKeccakNumber(number)) {
      const [, pointer = 0] = call?.arguments ?? []
      const words = accessed.length > 1 ? accessed[0] : undefined
      const block = words === undefined ? undefined : { pointer, words }
      this.#keccakPort.push({ timestamp, statePointer: argument, state: accessed.at(-1) ?? [], block })
      return
    }
    const operation = arithmetic256Operation(number)
    if (operation !== undefined) {
      this.#arithmetic256.push({ operation, timestamp, arguments: call?.arguments ?? [], accesses: call?.accesses ?? [] })
      return
    }
    this.#system.push({ number, argument, result, timestamp, words: [...(accessed[0] ?? [])] })
  }
}

/** A table whose only main column counts what is looked up in its rows. */
function countsTrace(counts: Uint32Array, logHeight: number): Trace {
  const main = allocateWords(2 ** logHeight)
  putCounts(main, counts)
  return { logHeight, main }
}
