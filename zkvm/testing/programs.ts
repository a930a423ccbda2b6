import { addressMap } from '../isa/address-map.ts'
import { loadProgram } from '../isa/elf.ts'
import type { Assembler } from '../isa/testing/assembler.ts'
import { assemble, dataBase } from '../isa/testing/make-elf.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'

export const registers = {
  zero: 0,
  ra: 1,
  sp: 2,
  t0: 5,
  t1: 6,
  t2: 7,
  s0: 8,
  s1: 9,
  a0: 10,
  a1: 11,
  a2: 12,
  a7: 17,
  s2: 18,
  s3: 19,
} as const

const { zero, sp, t0, t1, t2, s0, s1, a0, a2, s2, s3 } = registers

/** Bytes of every sign at `dataBase`. */
const data = Uint8Array.from([0x80, 0x7f, 0xff, 0x01, 0x00, 0x80, 0xfe, 0x7f])

const arithmetic = ['add', 'sub', 'sll', 'slt', 'sltu', 'xor', 'srl', 'sra', 'or', 'and'] as const
const multiplications = ['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu'] as const
const immediates = ['addi', 'slti', 'sltiu', 'xori', 'ori', 'andi', 'slli', 'srli', 'srai'] as const
const branches = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'] as const

/** What it reads of the private input. */
export const everythingInput = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])

/**
 * Every instruction, taken and not taken, with results of both signs, and every system call but the chips': it adds all results up, commits
 * 32 bytes of memory with the sum in front, and halts with 7.
 */
export function everythingProgram(): MachineProgram {
  return programOf((program) => {
    program
      .li(s0, 0x8000_0003 | 0)
      .li(s1, 5)
      .li(s2, 0)
      .li(sp, dataBase)
    const addUp = (): void => {
      program.emit('add', { rd: s2, rs1: s2, rs2: t0 })
    }
    for (const mnemonic of [...arithmetic, ...multiplications]) {
      program.emit(mnemonic, { rd: t0, rs1: s0, rs2: s1 })
      addUp()
    }
    for (const mnemonic of multiplications) program.emit(mnemonic, { rd: t0, rs1: s1, rs2: s0 })
    // Products whose low half is 0, of both signs.
    program.li(t1, 0x10000).li(t2, -0x10000).emit('mulh', { rd: t0, rs1: t1, rs2: t1 }).emit('mulh', { rd: t0, rs1: t1, rs2: t2 })
    for (const mnemonic of ['div', 'divu', 'rem', 'remu']) program.emit(mnemonic, { rd: t0, rs1: s0, rs2: zero })
    for (const mnemonic of immediates) {
      program.emit(mnemonic, { rd: t0, rs1: s0, imm: 3 })
      addUp()
    }
    program.emit('lui', { rd: t0, imm: 0x12345000 }).emit('auipc', { rd: t1, imm: 4096 }).emit('fence')
    for (const mnemonic of branches) {
      for (const [rs1, rs2] of [
        [s0, s1],
        [s1, s0],
        [s0, s0],
      ] as const) {
        program.emit(mnemonic, { rs1, rs2, imm: 8 }).emit('addi', { rd: s2, rs1: s2, imm: 1 })
      }
    }
    program.emit('jal', { rd: t0, imm: 8 }).emit('fence').emit('jal', { rd: zero, imm: 4 })
    // One to an odd address, whose lowest bit is dropped.
    program.emit('auipc', { rd: t1, imm: 0 }).emit('jalr', { rd: t0, rs1: t1, imm: 13 }).emit('fence')
    program.emit('auipc', { rd: t1, imm: 0 }).emit('jalr', { rd: zero, rs1: t1, imm: 8 })
    loadsAndStores(program)
    program.emit('add', { rd: zero, rs1: s0, rs2: s1 }).emit('mul', { rd: zero, rs1: s0, rs2: s1 })
    systemCalls(program)
    program.emit('sw', { rs1: sp, rs2: s2, imm: 0x40 })
    program
      .li(a0, dataBase + 0x40)
      .ecall(1)
      .halt(7)
  }, data)
}

/** Words that `segmentsProgram` touches. */
export const segmentWords = {
  changed: dataBase + 0x20,
  constant: dataBase + 0x24,
  early: dataBase + 0x28,
  image: dataBase + 4,
  input: addressMap.inputStart,
} as const

/**
 * A loop that changes a word and reads another one that never changes; then it reads a word that it left before the loop, one of the image and one
 * of the input that nothing has touched, and commits.
 */
export function segmentsProgram(): MachineProgram {
  return programOf((program) => {
    program.li(sp, dataBase).li(t0, 40).li(s0, 77)
    program
      .emit('sw', { rs1: sp, rs2: s0, imm: segmentWords.constant - dataBase })
      .emit('sw', { rs1: sp, rs2: s0, imm: segmentWords.early - dataBase })
    const loop = program.pc
    program.emit('lw', { rd: t1, rs1: sp, imm: segmentWords.changed - dataBase }).emit('add', { rd: t1, rs1: t1, rs2: t0 })
    program
      .emit('sw', { rs1: sp, rs2: t1, imm: segmentWords.changed - dataBase })
      .emit('lw', { rd: t2, rs1: sp, imm: segmentWords.constant - dataBase })
    program.emit('addi', { rd: t0, rs1: t0, imm: -1 }).emit('bne', { rs1: t0, rs2: zero, imm: loop - program.pc })
    program
      .emit('lw', { rd: t1, rs1: sp, imm: segmentWords.early - dataBase })
      .emit('lw', { rd: s1, rs1: sp, imm: segmentWords.image - dataBase })
    program.li(s2, segmentWords.input).emit('lw', { rd: s2, rs1: s2, imm: 0 })
    program.li(a0, segmentWords.changed).ecall(1).halt(3)
  })
}

function programOf(write: (program: Assembler) => void, bytes: Uint8Array = data): MachineProgram {
  return new MachineProgram(loadProgram(assemble(write, bytes)))
}

/** Every instruction with a result, which nobody reads: whoever lies about one lies about nothing else. */
export function unreadResultsProgram(): MachineProgram {
  return programOf((program) => {
    program
      .li(s0, 0x8000_0003 | 0)
      .li(s1, 5)
      .li(sp, dataBase)
    for (const mnemonic of [...arithmetic, ...multiplications]) program.emit(mnemonic, { rd: t0, rs1: s0, rs2: s1 })
    for (const mnemonic of immediates) program.emit(mnemonic, { rd: t0, rs1: s0, imm: 3 })
    program.emit('lui', { rd: t0, imm: 4096 }).emit('auipc', { rd: t0, imm: 4096 })
    program.emit('jal', { rd: t0, imm: 4 }).emit('auipc', { rd: t1, imm: 0 }).emit('jalr', { rd: t0, rs1: t1, imm: 8 })
    for (const mnemonic of ['lb', 'lh', 'lw', 'lbu', 'lhu']) program.emit(mnemonic, { rd: t0, rs1: sp, imm: 4 })
    for (const mnemonic of ['sb', 'sh', 'sw']) program.emit(mnemonic, { rs1: sp, rs2: s0, imm: 0x50 })
    for (const mnemonic of branches) {
      program.emit(mnemonic, { rs1: s0, rs2: s1, imm: 8 }).emit('fence').emit(mnemonic, { rs1: s1, rs2: s0, imm: 4 })
    }
    program.halt()
  })
}

function loadsAndStores(program: Assembler): void {
  const load = (mnemonic: string, offset: number, rd: number = t0): void => {
    program.emit(mnemonic, { rd, rs1: sp, imm: offset }).emit('add', { rd: s2, rs1: s2, rs2: t0 })
  }
  for (const offset of [0, 1, 2, 3]) {
    load('lb', offset)
    load('lbu', offset)
    program.emit('sb', { rs1: sp, rs2: s0, imm: 0x48 + offset })
  }
  for (const offset of [4, 6]) {
    load('lh', offset)
    load('lhu', offset)
    program.emit('sh', { rs1: sp, rs2: s0, imm: 0x48 + offset })
  }
  load('lw', 0)
  load('lw', 0, zero)
  load('lb', 0, zero)
  program.emit('sw', { rs1: sp, rs2: s1, imm: 0x50 })
  program.li(t2, addressMap.inputStart).emit('lw', { rd: t0, rs1: t2, imm: 0 }).emit('lbu', { rd: t1, rs1: t2, imm: 0x11 })
  program.emit('add', { rd: s2, rs1: s2, rs2: t0 }).emit('add', { rd: s2, rs1: s2, rs2: t1 })
}

/** Logs nothing, asks for an inverse and reads a word of it. */
function systemCalls(program: Assembler): void {
  program.li(a2, 0).ecall(64)
  program
    .emit('sw', { rs1: sp, rs2: s1, imm: 0x80 })
    .li(a0, 1)
    .li(registers.a1, dataBase + 0x80)
    .li(a2, dataBase + 0x80)
    .ecall(2)
  program.ecall(3).emit('add', { rd: s3, rs1: a0, rs2: zero })
}
