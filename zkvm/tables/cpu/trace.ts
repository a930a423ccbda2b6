import type { Trace } from '../../air/air.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import type { MemoryState } from '../memory-state.ts'
import { comparisonHolds } from '../operations.ts'
import { instructionClasses, type ProgramInstruction } from '../program/instruction.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { haltNumber, startTimestamp, timestampsPerCycle } from '../time.ts'
import { cpuTable } from './air.ts'

/** What an executed instruction read and wrote; unsigned. */
export interface ExecutedInstruction {
  readonly instruction: ProgramInstruction
  readonly cycle: number
  readonly rs1: number
  readonly rs2: number
  readonly rdBefore: number
  readonly rdAfter: number
  readonly nextPc: number
}

/** A branch to the instruction after it goes there either way: then only its condition tells whether it was taken. */
export function isBranchTaken({
  instruction: { pc, target, operation },
  rs1,
  rs2,
  nextPc,
}: Pick<ExecutedInstruction, 'instruction' | 'rs1' | 'rs2' | 'nextPc'>): boolean {
  return target === pc + 4 ? comparisonHolds(operation, rs1, rs2) : nextPc !== pc + 4
}

const column = columnsOf(cpuTable)
const at = {
  pc: column('pc'),
  timestamp: column('timestamp'),
  classes: Object.fromEntries(instructionClasses.map((name) => [name, column(`is_${name}`)])),
  isHalt: column('isHalt'),
  isExit: column('isExit'),
  operation: column('operation'),
  immediate: column('immediate'),
  target: column('target'),
  rs1: accessColumns('rs1'),
  rs2: accessColumns('rs2'),
  rd: accessColumns('rd'),
  replaced: column('rd.replaced'),
  sum: column('sum'),
  sumLow: column('sumLow'),
  carry: column('carry'),
  isTaken: column('isTaken'),
  isOdd: column('isOdd'),
}

interface AccessColumns {
  readonly register: number
  readonly value: number
  readonly previous: number
  readonly since: number
}

function accessColumns(name: string): AccessColumns {
  return {
    register: column(`${name}.register`),
    value: column(`${name}.value`),
    previous: column(`${name}.previous`),
    since: column(`${name}.since`),
  }
}

export function timestampOf(cycle: number): number {
  return startTimestamp + timestampsPerCycle * cycle
}

/** Fills the cpu table. */
export class CpuRows {
  readonly rows: RowBuffer
  readonly #registers: MemoryState
  readonly #lookups: ByteLookups
  #nextPc = 0

  constructor({
    registers,
    lookups,
    memory,
    expected,
  }: {
    readonly registers: MemoryState
    readonly lookups: ByteLookups
    readonly memory?: WordPool | undefined
    readonly expected?: number | undefined
  }) {
    this.rows = new RowBuffer(cpuTable.mainColumns.length, memory, expected)
    this.#registers = registers
    this.#lookups = lookups
  }

  push({ instruction, cycle, rs1, rs2, rdBefore, rdAfter, nextPc }: ExecutedInstruction): void {
    const start = this.rows.append()
    const { cells } = this.rows
    const timestamp = timestampOf(cycle)
    cells[start + at.pc] = instruction.pc
    cells[start + at.timestamp] = timestamp
    cells[start + (at.classes[instruction.class] ?? 0)] = 1
    cells[start + at.operation] = instruction.operation
    cells[start + at.immediate] = instruction.immediate
    cells[start + at.target] = instruction.target
    const highs = [
      this.#access(start, at.rs1, instruction.rs1, rs1, rs1, timestamp),
      this.#access(start, at.rs2, instruction.rs2, rs2, rs2, timestamp + 1),
      this.#access(start, at.rd, instruction.rd, rdBefore, rdAfter, timestamp + 3),
    ] as const
    this.#lookups.pair(highs[0], highs[1])
    this.#lookups.pair(highs[2], 0)
    cells[start + at.replaced] = rdBefore
    const isHalt = instruction.class === 'ecall' && rs1 === haltNumber
    if (isHalt) cells[start + at.isHalt] = 1
    // The machine stays where it halts; the table goes on counting.
    this.#nextPc = isHalt ? instruction.pc + 4 : nextPc
    this.#addition(start, instruction, rs1, rs2)
    if (instruction.class === 'jal') cells[start + at.isTaken] = 1
    if (instruction.class === 'branch' && isBranchTaken({ instruction, rs1, rs2, nextPc })) cells[start + at.isTaken] = 1
    if (instruction.class === 'jalr') cells[start + at.isOdd] = (cells[start + at.sum] ?? 0) & 1
  }

  /** Rows that the table needs: of a segment that does not halt, one more than instructions. */
  get count(): number {
    return this.rows.count + (this.#hasHalted ? 0 : 1)
  }

  /** Rows past the last instruction go on counting time and instructions, as the constraints say. */
  toTrace(logHeight: number): Trace {
    const trace = this.rows.toTrace(logHeight)
    const height = 2 ** logHeight
    const { count } = this.rows
    for (let row = count; row < height; row++) {
      trace.main[at.pc * height + row] = BigInt(this.#nextPc + 4 * (row - count))
      trace.main[at.timestamp * height + row] = BigInt(timestampOf(row))
    }
    if (!this.#hasHalted) trace.main[at.isExit * height + count] = 1n
    return trace
  }

  get #hasHalted(): boolean {
    const { count } = this.rows
    return count > 0 && this.rows.get(count - 1, at.isHalt) === 1
  }

  /** Returns the high part of the time since the access before. */
  #access(start: number, columns: AccessColumns, register: number, before: number, value: number, timestamp: number): number {
    const { cells } = this.rows
    const previous = this.#registers.access(register, before, value, timestamp)
    const since = timestamp - previous - 1
    cells[start + columns.register] = register
    cells[start + columns.value] = value
    cells[start + columns.previous] = previous
    cells[start + columns.since] = since & 0xffff
    this.#lookups.half(since & 0xffff)
    return since >>> 16
  }

  #addition(start: number, { class: kind, immediate }: ProgramInstruction, rs1: number, rs2: number): void {
    const { cells } = this.rows
    let sum = 0
    let carry = 0
    if (kind === 'add' || kind === 'jal') {
      sum = rs1 + rs2 + immediate
      carry = sum > 0xffff_ffff ? 1 : 0
    } else if (kind === 'loadStore' || kind === 'jalr') {
      sum = rs1 + immediate
      carry = sum > 0xffff_ffff ? 1 : 0
    } else if (kind === 'sub') {
      sum = rs1 - rs2
      carry = sum < 0 ? 1 : 0
    }
    sum >>>= 0
    cells[start + at.sum] = sum
    cells[start + at.sumLow] = sum & 0xffff
    cells[start + at.carry] = carry
    this.#lookups.word(sum)
  }
}
