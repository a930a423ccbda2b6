import { type Format, type Instruction, illegalId, instructions } from './instructions.ts'

/**
 * A program's instructions as columns, one entry per word from `base` on. Fields that a format lacks are 0. Illegal words are entries too
 * (`op` is `illegalId`): only reaching one is a fault.
 */
export interface Code {
  /** Address of entry 0, a multiple of 4. */
  readonly base: number
  readonly length: number
  readonly words: Int32Array
  /** Index into `instructions`, or `illegalId`. */
  readonly op: Uint8Array
  readonly rd: Uint8Array
  readonly rs1: Uint8Array
  readonly rs2: Uint8Array
  /** Sign-extended; of U formats the whole value, low 12 bits zero; of shifts the amount. */
  readonly imm: Int32Array
}

export interface Operands {
  readonly rd: number
  readonly rs1: number
  readonly rs2: number
  readonly imm: number
}

const byOpcode = new Map<number, Instruction[]>()
for (const instruction of instructions) {
  const opcode = instruction.match & 0x7f
  byOpcode.set(opcode, [...(byOpcode.get(opcode) ?? []), instruction])
}

/** The instruction that `word` encodes, if it is one of RV32IM. */
export function identify(word: number): Instruction | undefined {
  return byOpcode.get(word & 0x7f)?.find(({ mask, match }) => (word & mask) === match)
}

export function operandsOf(word: number, format: Format): Operands {
  const rd = (word >>> 7) & 31
  const rs1 = (word >>> 15) & 31
  const rs2 = (word >>> 20) & 31
  switch (format) {
    case 'R':
      return { rd, rs1, rs2, imm: 0 }
    case 'I':
    case 'load':
      return { rd, rs1, rs2: 0, imm: word >> 20 }
    case 'shift':
      return { rd, rs1, rs2: 0, imm: rs2 }
    case 'S':
      return { rd: 0, rs1, rs2, imm: ((word >> 25) << 5) | rd }
    case 'B':
      return {
        rd: 0,
        rs1,
        rs2,
        imm: ((word >> 31) << 12) | (((word >>> 7) & 1) << 11) | (((word >>> 25) & 0x3f) << 5) | (((word >>> 8) & 0xf) << 1),
      }
    case 'U':
      return { rd, rs1: 0, rs2: 0, imm: word & ~0xfff }
    case 'J':
      return {
        rd,
        rs1: 0,
        rs2: 0,
        imm: ((word >> 31) << 20) | (word & 0xff000) | (((word >>> 20) & 1) << 11) | (((word >>> 21) & 0x3ff) << 1),
      }
    case 'none':
      return { rd: 0, rs1: 0, rs2: 0, imm: 0 }
  }
}

/** Decodes `words`, which begin at address `base`. */
export function decode(words: Int32Array, base: number): Code {
  const length = words.length
  const code: Code = {
    base,
    length,
    words,
    op: new Uint8Array(length).fill(illegalId),
    rd: new Uint8Array(length),
    rs1: new Uint8Array(length),
    rs2: new Uint8Array(length),
    imm: new Int32Array(length),
  }
  for (let index = 0; index < length; index++) {
    const word = words[index] ?? 0
    const instruction = identify(word)
    if (instruction === undefined) continue
    const { rd, rs1, rs2, imm } = operandsOf(word, instruction.format)
    code.op[index] = instruction.id
    code.rd[index] = rd
    code.rs1[index] = rs1
    code.rs2[index] = rs2
    code.imm[index] = imm
  }
  return code
}
