import { addressMap } from './address-map.ts'
import type { Code } from './decode.ts'
import { illegalId, instructionOf } from './instructions.ts'
import type { Memory } from './memory.ts'

/** Why `execute` returned. All but `budget` and `ecall` are faults of the instruction at `pc`, which then changed nothing. */
export const stop = {
  budget: 0,
  ecall: 1,
  ebreak: 2,
  illegalInstruction: 3,
  /** `address` is where the load or store went. */
  misalignedAccess: 4,
  outOfRangeAccess: 5,
  /** `address` is the target. */
  misalignedTarget: 6,
  /** pc itself is outside the code. */
  outsideCode: 7,
} as const

export type Stop = (typeof stop)[keyof typeof stop]

/** What a run changes besides memory. */
export interface Hart {
  /** x0 … x31, and one more that takes what is written to x0. */
  readonly registers: Int32Array
  pc: number
  /** Instructions executed. */
  cycles: number
  /** Of the last fault that has one. */
  address: number
}

/** Code in the form that the interpreter reads: op, rd, rs1, rs2 in one word each. */
export interface Executable {
  readonly base: number
  readonly packed: Int32Array
  readonly imm: Int32Array
}

const RD_NOWHERE = 32
/** Added to the op of a branch whose target is no multiple of 4, so that the others need not look. */
const MISALIGNED_BRANCH = 64
const firstBranch = instructionOf('beq').id
const lastBranch = instructionOf('bgeu').id
const RAM_START = addressMap.ramStart
const RAM_SIZE = addressMap.ramEnd - addressMap.ramStart

export function createHart(pc: number): Hart {
  // 64, so that the engine sees an index masked with 63 to be inside.
  return { registers: new Int32Array(64), pc, cycles: 0, address: 0 }
}

export function toExecutable(code: Code): Executable {
  const packed = new Int32Array(code.length)
  for (let index = 0; index < code.length; index++) {
    const rd = code.rd[index] || RD_NOWHERE
    const op = code.op[index] ?? illegalId
    const isMisaligned = op >= firstBranch && op <= lastBranch && ((code.imm[index] ?? 0) & 3) !== 0
    packed[index] =
      op | (isMisaligned ? MISALIGNED_BRANCH : 0) | (rd << 8) | ((code.rs1[index] ?? 0) << 16) | ((code.rs2[index] ?? 0) << 24)
  }
  return { base: code.base, packed, imm: code.imm }
}

function isTaken(op: number, a: number, b: number): boolean {
  switch (op - firstBranch) {
    case 0:
      return a === b
    case 1:
      return a !== b
    case 2:
      return a < b
    case 3:
      return a >= b
    case 4:
      return a >>> 0 < b >>> 0
    default:
      return a >>> 0 >= b >>> 0
  }
}

/** The high word of the unsigned product; every partial sum stays below 2^32. */
function mulHighUnsigned(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const other = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + (middle >>> 16) + (other >>> 16)) | 0
}

/**
 * Executes up to `budget` (< 2^31) instructions. An `ecall` is left to the caller: pc stands on it and it is not counted.
 *
 * The case labels are ids of `instructions`, written out: the engine compiles a switch to a jump table only for literal labels
 * (docs/adr/0006-emulator.md).
 */
export function execute(hart: Hart, { base, packed, imm }: Executable, { bytes, halves, words }: Memory, budget: number): Stop {
  const { registers } = hart
  const length = packed.length
  let pc = hart.pc
  let left = budget
  let reason: Stop = stop.budget

  running: while (left > 0) {
    const index = (pc - base) >>> 2
    if (index >= length) {
      reason = stop.outsideCode
      break
    }
    const word = packed[index] as number
    const value = imm[index] as number
    const rd = (word >> 8) & 63
    const a = registers[(word >> 16) & 63] as number
    const b = registers[(word >> 24) & 63] as number

    switch (word & 0xff) {
      case 0: // lui
        registers[rd] = value
        break
      case 1: // auipc
        registers[rd] = pc + value
        break
      case 2: {
        // jal
        const target = (pc + value) | 0
        if ((target & 3) !== 0) {
          hart.address = target >>> 0
          reason = stop.misalignedTarget
          break running
        }
        registers[rd] = pc + 4
        pc = target
        left--
        continue
      }
      case 3: {
        // jalr
        const target = (a + value) & ~1
        if ((target & 3) !== 0) {
          hart.address = target >>> 0
          reason = stop.misalignedTarget
          break running
        }
        registers[rd] = pc + 4
        pc = target
        left--
        continue
      }
      case 4: // beq
        if (a !== b) break
        pc = (pc + value - 4) | 0
        break
      case 5: // bne
        if (a === b) break
        pc = (pc + value - 4) | 0
        break
      case 6: // blt
        if (a >= b) break
        pc = (pc + value - 4) | 0
        break
      case 7: // bge
        if (a < b) break
        pc = (pc + value - 4) | 0
        break
      case 8: // bltu
        if (a >>> 0 >= b >>> 0) break
        pc = (pc + value - 4) | 0
        break
      case 9: // bgeu
        if (a >>> 0 < b >>> 0) break
        pc = (pc + value - 4) | 0
        break
      case 10: {
        // lb
        const address = (a + value) >>> 0
        if ((address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = stop.outOfRangeAccess
          break running
        }
        registers[rd] = ((bytes[address] as number) << 24) >> 24
        break
      }
      case 11: {
        // lh
        const address = (a + value) >>> 0
        if ((address & 1) !== 0 || (address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = (address & 1) !== 0 ? stop.misalignedAccess : stop.outOfRangeAccess
          break running
        }
        registers[rd] = ((halves[address >>> 1] as number) << 16) >> 16
        break
      }
      case 12: {
        // lw
        const address = (a + value) >>> 0
        if ((address & 3) !== 0 || (address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = (address & 3) !== 0 ? stop.misalignedAccess : stop.outOfRangeAccess
          break running
        }
        registers[rd] = words[address >>> 2] as number
        break
      }
      case 13: {
        // lbu
        const address = (a + value) >>> 0
        if ((address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = stop.outOfRangeAccess
          break running
        }
        registers[rd] = bytes[address] as number
        break
      }
      case 14: {
        // lhu
        const address = (a + value) >>> 0
        if ((address & 1) !== 0 || (address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = (address & 1) !== 0 ? stop.misalignedAccess : stop.outOfRangeAccess
          break running
        }
        registers[rd] = halves[address >>> 1] as number
        break
      }
      case 15: {
        // sb
        const address = (a + value) >>> 0
        if ((address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = stop.outOfRangeAccess
          break running
        }
        bytes[address] = b
        break
      }
      case 16: {
        // sh
        const address = (a + value) >>> 0
        if ((address & 1) !== 0 || (address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = (address & 1) !== 0 ? stop.misalignedAccess : stop.outOfRangeAccess
          break running
        }
        halves[address >>> 1] = b
        break
      }
      case 17: {
        // sw
        const address = (a + value) >>> 0
        if ((address & 3) !== 0 || (address - RAM_START) >>> 0 >= RAM_SIZE) {
          hart.address = address
          reason = (address & 3) !== 0 ? stop.misalignedAccess : stop.outOfRangeAccess
          break running
        }
        words[address >>> 2] = b
        break
      }
      case 18: // addi
        registers[rd] = a + value
        break
      case 19: // slti
        registers[rd] = a < value ? 1 : 0
        break
      case 20: // sltiu
        registers[rd] = a >>> 0 < value >>> 0 ? 1 : 0
        break
      case 21: // xori
        registers[rd] = a ^ value
        break
      case 22: // ori
        registers[rd] = a | value
        break
      case 23: // andi
        registers[rd] = a & value
        break
      case 24: // slli
        registers[rd] = a << value
        break
      case 25: // srli
        registers[rd] = a >>> value
        break
      case 26: // srai
        registers[rd] = a >> value
        break
      case 27: // add
        registers[rd] = a + b
        break
      case 28: // sub
        registers[rd] = a - b
        break
      case 29: // sll
        registers[rd] = a << b
        break
      case 30: // slt
        registers[rd] = a < b ? 1 : 0
        break
      case 31: // sltu
        registers[rd] = a >>> 0 < b >>> 0 ? 1 : 0
        break
      case 32: // xor
        registers[rd] = a ^ b
        break
      case 33: // srl
        registers[rd] = a >>> b
        break
      case 34: // sra
        registers[rd] = a >> b
        break
      case 35: // or
        registers[rd] = a | b
        break
      case 36: // and
        registers[rd] = a & b
        break
      case 37: // mul
        registers[rd] = Math.imul(a, b)
        break
      case 38: // mulh
        registers[rd] = mulHighUnsigned(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)
        break
      case 39: // mulhsu
        registers[rd] = mulHighUnsigned(a, b) - (a < 0 ? b : 0)
        break
      case 40: // mulhu
        registers[rd] = mulHighUnsigned(a, b)
        break
      case 41: // div
        registers[rd] = b === 0 ? -1 : a / b
        break
      case 42: // divu
        registers[rd] = b === 0 ? -1 : (a >>> 0) / (b >>> 0)
        break
      case 43: // rem
        registers[rd] = b === 0 ? a : a % b
        break
      case 44: // remu
        registers[rd] = b === 0 ? a : (a >>> 0) % (b >>> 0)
        break
      case 45: // fence
        break
      case 46: // ecall
        reason = stop.ecall
        break running
      case 47: // ebreak
        reason = stop.ebreak
        break running
      default:
        if ((word & MISALIGNED_BRANCH) === 0) {
          reason = stop.illegalInstruction
          break running
        }
        if (!isTaken(word & 63, a, b)) break
        hart.address = (pc + value) >>> 0
        reason = stop.misalignedTarget
        break running
    }
    pc = (pc + 4) | 0
    left--
  }

  hart.pc = pc
  hart.cycles += budget - left
  return reason
}
