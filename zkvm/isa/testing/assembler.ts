import type { Operands } from '../decode.ts'
import { encode } from '../encode.ts'
import { instructionOf } from '../instructions.ts'

/** Writes a program, word after word, from the instruction table. */
export class Assembler {
  readonly #base: number
  readonly #words: number[] = []

  constructor(base: number) {
    this.#base = base
  }

  /** Address of what is emitted next. */
  get pc(): number {
    return this.#base + 4 * this.#words.length
  }

  get words(): Int32Array {
    return Int32Array.from(this.#words)
  }

  emit(mnemonic: string, operands: Partial<Operands> = {}): this {
    return this.word(encode(instructionOf(mnemonic), operands))
  }

  word(value: number): this {
    this.#words.push(value)
    return this
  }

  /** Two instructions for any value, so that addresses do not depend on it. */
  li(rd: number, value: number): this {
    const low = (value << 20) >> 20
    return this.emit('lui', { rd, imm: (value - low) | 0 }).emit('addi', { rd, rs1: rd, imm: low })
  }

  ecall(number: number): this {
    return this.li(17, number).emit('ecall')
  }

  halt(exitCode = 0): this {
    return this.li(10, exitCode).ecall(93)
  }
}
