import type { Code } from '../../isa/decode.ts'
import { illegalId, instructions } from '../../isa/instructions.ts'
import { dropsResult, type OperationName, operations } from '../operations.ts'

/** How cpu executes an instruction; one constraint group each. Their order is that of the bits in the program's `class` column. */
export const instructionClasses = ['add', 'sub', 'alu', 'loadStore', 'branch', 'jal', 'jalr', 'ecall'] as const

export type InstructionClass = (typeof instructionClasses)[number]

/** An instruction as cpu sees it. Numbers are unsigned 32-bit. */
export interface ProgramInstruction {
  readonly pc: number
  readonly class: InstructionClass
  readonly operation: number
  readonly rd: number
  readonly rs1: number
  readonly rs2: number
  /** The second operand where rs2 is x0, the offset of an address. */
  readonly immediate: number
  /** Where a branch or `jal` goes; what a `jalr` writes to rd. */
  readonly target: number
}

const a0 = 10
const a7 = 17

const aluOperations: Readonly<Record<string, OperationName>> = {
  and: 'and',
  andi: 'and',
  or: 'or',
  ori: 'or',
  xor: 'xor',
  xori: 'xor',
  sll: 'sll',
  slli: 'sll',
  srl: 'srl',
  srli: 'srl',
  sra: 'sra',
  srai: 'sra',
  slt: 'lt',
  slti: 'lt',
  sltu: 'ltu',
  sltiu: 'ltu',
  mul: 'mul',
  mulh: 'mulh',
  mulhsu: 'mulhsu',
  mulhu: 'mulhu',
  div: 'div',
  divu: 'divu',
  rem: 'rem',
  remu: 'remu',
}

const branchOperations: Readonly<Record<string, OperationName>> = { beq: 'eq', bne: 'ne', blt: 'lt', bge: 'ge', bltu: 'ltu', bgeu: 'geu' }

const loads = ['lb', 'lh', 'lw', 'lbu', 'lhu'] as const
const stores = ['sb', 'sh', 'sw'] as const

/**
 * The program's instruction at entry `index`, or null for a word that has no proof: an illegal one, and `ebreak`, which faults.
 * What would write x0 is changed so that it writes 0: arithmetic becomes 0 + 0, a jump links 0, a load drops what it loads.
 */
export function programInstruction(code: Code, index: number): ProgramInstruction | null {
  const id = code.op[index] ?? illegalId
  const mnemonic = instructions[id]?.mnemonic
  if (mnemonic === undefined || mnemonic === 'ebreak') return null
  const pc = (code.base + 4 * index) >>> 0
  const rd = code.rd[index] ?? 0
  const rs1 = code.rs1[index] ?? 0
  const rs2 = code.rs2[index] ?? 0
  const immediate = (code.imm[index] ?? 0) >>> 0
  const target = (pc + immediate) >>> 0
  const nothing = { pc, operation: 0, rd: 0, rs1: 0, rs2: 0, immediate: 0, target: 0 }
  const link = rd === 0 ? 0 : (pc + 4) >>> 0
  switch (mnemonic) {
    case 'fence':
      return { ...nothing, class: 'add' }
    case 'ecall':
      return { ...nothing, class: 'ecall', rs1: a7, rs2: a0, rd: a0 }
    case 'jal':
      return { ...nothing, class: 'jal', rd, immediate: link, target }
    case 'jalr':
      return { ...nothing, class: 'jalr', rd, rs1, immediate, target: link }
  }
  const branch = branchOperations[mnemonic]
  if (branch !== undefined) return { ...nothing, class: 'branch', operation: operations[branch], rs1, rs2, target }
  const load = loads.find((name) => name === mnemonic)
  if (load !== undefined) {
    return { ...nothing, class: 'loadStore', operation: operations[load] + (rd === 0 ? dropsResult : 0), rd, rs1, immediate }
  }
  const store = stores.find((name) => name === mnemonic)
  if (store !== undefined) return { ...nothing, class: 'loadStore', operation: operations[store], rs1, rs2, immediate }
  if (rd === 0) return { ...nothing, class: 'add' }
  switch (mnemonic) {
    case 'lui':
      return { ...nothing, class: 'add', rd, immediate }
    case 'auipc':
      return { ...nothing, class: 'add', rd, immediate: target }
    case 'add':
    case 'addi':
      return { ...nothing, class: 'add', rd, rs1, rs2, immediate }
    case 'sub':
      return { ...nothing, class: 'sub', rd, rs1, rs2 }
  }
  const operation = aluOperations[mnemonic]
  if (operation === undefined) throw new RangeError(`no table executes ${mnemonic}`)
  return { ...nothing, class: 'alu', operation: operations[operation], rd, rs1, rs2, immediate }
}
