import { type Instruction, instructions } from '../instructions.ts'
import type { Assembler } from './assembler.ts'
import { assemble, dataBase } from './make-elf.ts'

/** One instruction with its operands; `a` and `b` are what rs1 and rs2 hold before. The result is one word, see `emitCase`. */
export interface InstructionCase {
  readonly mnemonic: string
  readonly rd: number
  readonly rs1: number
  readonly rs2: number
  readonly imm: number
  readonly a: number
  readonly b: number
}

const edges = [0, 1, -1, 2, 0x7fffffff, -0x80000000, -0x7fffffff, 0x55555555, 0x0000ffff, -3, 31, 0x12345678]
const aliasEdges: readonly [number, number][] = [
  [7, -3],
  [-0x80000000, -1],
  [0x12345678, 0x7fffffff],
]
const immediates = [0, 1, -1, 2047, -2048, 5, -1366, 1365]
const amounts = [0, 1, 7, 15, 16, 30, 31]

/** rd, rs1, rs2: all distinct, each way of being equal, and x0 in each place. */
const aliasings: readonly [number, number, number][] = [
  [5, 6, 7],
  [5, 5, 7],
  [5, 6, 5],
  [5, 6, 6],
  [5, 5, 5],
  [0, 6, 7],
  [5, 0, 7],
  [5, 6, 0],
  [5, 0, 0],
  [0, 0, 0],
  [0, 6, 0],
  [0, 0, 7],
]

/** Bytes that loads read: every sign in every position. */
const loadData = Uint8Array.from([0x80, 0x7f, 0xff, 0x01, 0x00, 0x80, 0xfe, 0x7f, 0x12, 0xb4, 0x56, 0xf8])
const loadBase = dataBase
const storeBase = dataBase + 0x100
const resultBase = dataBase + 0x1000

function product<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.flatMap((a) => right.map((b): [A, B] => [a, b]))
}

function sizeOf(mnemonic: string): number {
  return mnemonic.includes('w') ? 4 : mnemonic.includes('h') ? 2 : 1
}

function casesOf({ mnemonic, format }: Instruction): InstructionCase[] {
  const base = { mnemonic, rd: 5, rs1: 6, rs2: 7, imm: 0, a: 0, b: 0 }
  switch (format) {
    case 'R':
      return [
        ...product(edges, edges).map(([a, b]) => ({ ...base, a, b })),
        ...product(aliasings, aliasEdges).map(([[rd, rs1, rs2], [a, b]]) => ({ ...base, rd, rs1, rs2, a, b })),
      ]
    case 'I':
    case 'shift':
      return [
        ...product(edges, format === 'I' ? immediates : amounts).map(([a, imm]) => ({ ...base, rs2: 0, imm, a })),
        ...aliasings.map(([rd, rs1]) => ({ ...base, rd, rs1, rs2: 0, imm: 9, a: -0x76543210 })),
      ]
    case 'load': {
      if (mnemonic === 'jalr') {
        return product(aliasings, [0, 8, -8, 9]).map(([[rd, rs1], imm]) => ({ ...base, rd, rs1, rs2: 0, imm, a: imm & 1 }))
      }
      const offsets = [...loadData.keys()].filter((offset) => offset % sizeOf(mnemonic) === 0)
      return [
        ...product(offsets, [0, 2047, -2048]).map(([offset, imm]) => ({ ...base, rs2: 0, imm, a: loadBase + offset - imm })),
        ...[5, 0].map((rd) => ({ ...base, rd, rs1: 5, rs2: 0, imm: 0, a: loadBase })),
      ]
    }
    case 'S': {
      const offsets = [0, 1, 2, 3].filter((offset) => offset % sizeOf(mnemonic) === 0)
      return [
        ...product(product(offsets, [0, 2047, -2048]), edges.slice(4)).map(([[offset, imm], b]) => ({
          ...base,
          rd: 0,
          imm,
          a: storeBase + offset - imm,
          b,
        })),
        { ...base, rd: 0, rs1: 6, rs2: 6, a: storeBase, b: storeBase },
        { ...base, rd: 0, rs1: 6, rs2: 0, a: storeBase, b: 0 },
      ]
    }
    case 'B':
      return product(product(edges.slice(0, 7), edges.slice(0, 7)), [12, -8]).flatMap(([[a, b], imm]) =>
        (a === b ? [7, 6, 0] : [7, 0]).map((rs2) => ({ ...base, rd: 0, rs2, imm, a, b })),
      )
    case 'U':
      return product([5, 0], [0, 4096, -4096, 0x7ffff000, -0x80000000, 0x12345000]).map(([rd, imm]) => ({
        ...base,
        rd,
        rs1: 0,
        rs2: 0,
        imm,
      }))
    case 'J':
      return product([1, 5, 0], [12, -8]).map(([rd, imm]) => ({ ...base, rd, rs1: 0, rs2: 0, imm }))
    case 'none':
      return mnemonic === 'fence' ? [{ ...base, rd: 0, rs1: 0, rs2: 0 }] : []
  }
}

/** Edge operands and all aliasings for every instruction, and every register in every place. */
export const instructionCases: readonly InstructionCase[] = [
  ...instructions.flatMap(casesOf),
  ...Array.from({ length: 32 }, (_, register) => [
    { mnemonic: 'sub', rd: register, rs1: 6, rs2: 7, imm: 0, a: 1000, b: 1 },
    { mnemonic: 'sub', rd: 5, rs1: register, rs2: 7, imm: 0, a: 1000, b: 1 },
    { mnemonic: 'sub', rd: 5, rs1: 6, rs2: register, imm: 0, a: 1000, b: 1 },
  ]).flat(),
]

/**
 * Sets rd, rs1 and rs2, executes the instruction and stores what it did to the next result: rd afterwards; of stores the word that it changed
 * xor the one after it; of branches a number that tells which way it went.
 */
function emitCase(program: Assembler, { mnemonic, rd, rs1, rs2, imm, a, b }: InstructionCase, resultAddress: number): void {
  const free = [8, 9, 18, 19].filter((register) => register !== rd && register !== rs1 && register !== rs2)
  const [pointer = 0, flag = 0] = free
  const operands = { rd, rs1, rs2, imm }
  const jumps = mnemonic === 'jal' || mnemonic === 'jalr' || mnemonic.startsWith('b')
  const isStore = ['sb', 'sh', 'sw'].includes(mnemonic)
  program.li(rd, 0x5a5a5a5a)
  if (isStore) {
    program.li(pointer, storeBase).li(flag, 0x0badf00d)
    for (const offset of [-4, 0, 4]) program.emit('sw', { rs1: pointer, rs2: flag, imm: offset })
  }
  program.li(rs1, a).li(rs2, b)
  if (jumps) emitJump(program, mnemonic, { ...operands, a }, { pointer, flag })
  else program.emit(mnemonic, operands)
  if (isStore) {
    program.li(pointer, storeBase).emit('lw', { rd: flag, rs1: pointer, imm: 0 }).emit('lw', { rd: 20, rs1: pointer, imm: 4 })
    program.emit('xor', { rd: flag, rs1: flag, rs2: 20 })
  }
  program.li(pointer, resultAddress).emit('sw', { rs1: pointer, rs2: jumps || isStore ? flag : rd })
}

/**
 * Around the jump stand two ways, 12 bytes forward and 8 back, that leave different flags; of links the distance to here is added. `jalr` gets
 * its target into rs1, where that is not x0, plus `a`: an odd target loses its last bit.
 */
function emitJump(
  program: Assembler,
  mnemonic: string,
  { rd, rs1, rs2, imm, a }: Omit<InstructionCase, 'mnemonic' | 'b'>,
  { pointer, flag }: { pointer: number; flag: number },
): void {
  if (mnemonic === 'jalr' && rs1 === 0) {
    // Address 0 is no code: such a jump cannot be part of a program that goes on.
    program.emit('addi', { rd: flag, imm: 0 })
    return
  }
  if (mnemonic === 'jalr') program.li(rs1, program.pc + 8 + 16 + 12 - imm + a)
  program.emit('addi', { rd: flag, imm: 1 })
  program.emit('jal', { imm: 12 })
  program.emit('addi', { rd: flag, imm: 2 })
  program.emit('jal', { imm: 16 })
  program.emit(mnemonic, { rd, rs1, rs2, imm })
  program.emit('addi', { rd: flag, rs1: flag, imm: 4 })
  program.emit('addi', { rd: flag, rs1: flag, imm: 8 })
  program.emit('addi', { rd: flag, rs1: flag, imm: 16 })
  const isLink = mnemonic === 'jal' || mnemonic === 'jalr'
  if (!isLink) return
  program.li(pointer, program.pc)
  program.emit('sub', { rd: pointer, rs1: rd, rs2: pointer }).emit('add', { rd: flag, rs1: flag, rs2: pointer })
}

const WRITE = 64
const CHUNK = 0x8000

/** A program that runs all cases and writes the results out: by Linux' `write`, which is the machine's `log`. */
export function casesProgram(): Uint8Array {
  return assemble((program) => {
    instructionCases.forEach((instructionCase, index) => {
      emitCase(program, instructionCase, resultBase + 4 * index)
    })
    const length = 4 * instructionCases.length
    for (let at = 0; at < length; at += CHUNK) {
      program
        .li(10, 1)
        .li(11, resultBase + at)
        .li(12, Math.min(CHUNK, length - at))
        .ecall(WRITE)
    }
    program.halt()
  }, loadData)
}
