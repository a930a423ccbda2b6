/**
 * Where an instruction keeps its operands. `shift` is I with a 5-bit immediate under a funct7; `load` and `jalr` are I written `rd, imm(rs1)`;
 * `none` has no operands.
 */
export type Format = 'R' | 'I' | 'shift' | 'load' | 'S' | 'B' | 'U' | 'J' | 'none'

export interface Instruction {
  /** Position in `instructions`; what the decoded program and the trace carry. */
  readonly id: number
  readonly mnemonic: string
  readonly format: Format
  /** A word is this instruction if `(word & mask) === match`, both as signed 32-bit. */
  readonly mask: number
  readonly match: number
}

const LOAD = 0x03
const FENCE = 0x0f
const OP_IMM = 0x13
const AUIPC = 0x17
const STORE = 0x23
const OP = 0x33
const LUI = 0x37
const BRANCH = 0x63
const JALR = 0x67
const JAL = 0x6f
const SYSTEM = 0x73

type Row = readonly [mnemonic: string, format: Format, opcode: number, funct3?: number, funct7?: number]

/** The instruction set, once: decoder, encoder, disassembler, tests and the documentation of the prover's tables come from here. */
const rows: readonly Row[] = [
  ['lui', 'U', LUI],
  ['auipc', 'U', AUIPC],
  ['jal', 'J', JAL],
  ['jalr', 'load', JALR, 0],
  ['beq', 'B', BRANCH, 0],
  ['bne', 'B', BRANCH, 1],
  ['blt', 'B', BRANCH, 4],
  ['bge', 'B', BRANCH, 5],
  ['bltu', 'B', BRANCH, 6],
  ['bgeu', 'B', BRANCH, 7],
  ['lb', 'load', LOAD, 0],
  ['lh', 'load', LOAD, 1],
  ['lw', 'load', LOAD, 2],
  ['lbu', 'load', LOAD, 4],
  ['lhu', 'load', LOAD, 5],
  ['sb', 'S', STORE, 0],
  ['sh', 'S', STORE, 1],
  ['sw', 'S', STORE, 2],
  ['addi', 'I', OP_IMM, 0],
  ['slti', 'I', OP_IMM, 2],
  ['sltiu', 'I', OP_IMM, 3],
  ['xori', 'I', OP_IMM, 4],
  ['ori', 'I', OP_IMM, 6],
  ['andi', 'I', OP_IMM, 7],
  ['slli', 'shift', OP_IMM, 1, 0x00],
  ['srli', 'shift', OP_IMM, 5, 0x00],
  ['srai', 'shift', OP_IMM, 5, 0x20],
  ['add', 'R', OP, 0, 0x00],
  ['sub', 'R', OP, 0, 0x20],
  ['sll', 'R', OP, 1, 0x00],
  ['slt', 'R', OP, 2, 0x00],
  ['sltu', 'R', OP, 3, 0x00],
  ['xor', 'R', OP, 4, 0x00],
  ['srl', 'R', OP, 5, 0x00],
  ['sra', 'R', OP, 5, 0x20],
  ['or', 'R', OP, 6, 0x00],
  ['and', 'R', OP, 7, 0x00],
  ['mul', 'R', OP, 0, 0x01],
  ['mulh', 'R', OP, 1, 0x01],
  ['mulhsu', 'R', OP, 2, 0x01],
  ['mulhu', 'R', OP, 3, 0x01],
  ['div', 'R', OP, 4, 0x01],
  ['divu', 'R', OP, 5, 0x01],
  ['rem', 'R', OP, 6, 0x01],
  ['remu', 'R', OP, 7, 0x01],
  ['fence', 'none', FENCE, 0],
  ['ecall', 'none', SYSTEM, 0, 0x00],
  ['ebreak', 'none', SYSTEM, 0, 0x00],
]

function toInstruction([mnemonic, format, opcode, funct3 = 0, funct7 = 0]: Row, id: number): Instruction {
  const match = opcode | (funct3 << 12) | (funct7 << 25)
  switch (format) {
    case 'U':
    case 'J':
      return { id, mnemonic, format, mask: 0x7f, match }
    case 'R':
    case 'shift':
      return { id, mnemonic, format, mask: 0xfe00707f | 0, match }
    case 'none':
      // A fence orders nothing on one hart, so its fields do not matter; ecall and ebreak are single words.
      if (mnemonic === 'fence') return { id, mnemonic, format, mask: 0x707f, match }
      return { id, mnemonic, format, mask: -1, match: mnemonic === 'ebreak' ? match | (1 << 20) : match }
    default:
      return { id, mnemonic, format, mask: 0x707f, match }
  }
}

export const instructions: readonly Instruction[] = rows.map(toInstruction)

/** The id of a word that is no instruction. */
export const illegalId = instructions.length

const byMnemonic = new Map(instructions.map((instruction) => [instruction.mnemonic, instruction]))

/** @throws RangeError for a mnemonic that the table does not have. */
export function instructionOf(mnemonic: string): Instruction {
  const instruction = byMnemonic.get(mnemonic)
  if (instruction === undefined) throw new RangeError(`no instruction ${mnemonic}`)
  return instruction
}

/** Names of the registers in the psABI, as disassembly shows them. */
export const registerNames = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5'],
  ...['a6', 'a7', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6'],
] as const
