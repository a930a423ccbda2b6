import type { Program } from '../elf.ts'
import { illegalId, instructions } from '../instructions.ts'

/**
 * RV32IM once more, from the specification's text, on bigint and bytes, to compare the interpreter with. It shares the decoder, which is
 * compared with an encoder, a disassembler and qemu.
 */
export class ReferenceMachine {
  readonly registers: bigint[] = Array.from({ length: 32 }, () => 0n)
  readonly memory = new Map<number, number>()
  readonly #program: Program
  pc: number

  constructor(program: Program) {
    this.#program = program
    this.pc = program.entry
    for (const { address, bytes } of program.segments) {
      bytes.forEach((byte, index) => {
        this.memory.set(address + index, byte)
      })
    }
  }

  /** Executes one instruction; returns why it cannot. Registers hold unsigned values. */
  step(): string | undefined {
    const { code } = this.#program
    const index = (this.pc - code.base) / 4
    if (index < 0 || index >= code.length) return 'pc-out-of-range'
    const op = code.op[index] ?? illegalId
    if (op === illegalId) return 'illegal-instruction'
    const mnemonic = instructions[op]?.mnemonic ?? ''
    const a = this.registers[code.rs1[index] ?? 0] ?? 0n
    const b = this.registers[code.rs2[index] ?? 0] ?? 0n
    const imm = BigInt(code.imm[index] ?? 0)
    const rd = code.rd[index] ?? 0
    const next = this.pc + 4

    if (mnemonic === 'ecall' || mnemonic === 'ebreak') return mnemonic
    if (mnemonic === 'fence') return this.#goTo(next)
    if (/^l[bhw]u?$/.test(mnemonic)) return this.#load(mnemonic, rd, a + imm)
    if (/^s[bhw]$/.test(mnemonic)) return this.#store(mnemonic, a + imm, b)
    if (mnemonic === 'jal') return this.#jump(rd, BigInt(this.pc) + imm)
    if (mnemonic === 'jalr') return this.#jump(rd, (a + imm) & ~1n)
    if (mnemonic.startsWith('b')) return isTaken(mnemonic, a, b) ? this.#jump(0, BigInt(this.pc) + imm) : this.#goTo(next)
    this.#set(rd, compute(mnemonic, { a, b: 'R' === instructions[op]?.format ? b : unsigned(imm), pc: BigInt(this.pc) }))
    return this.#goTo(next)
  }

  #set(rd: number, value: bigint): void {
    if (rd !== 0) this.registers[rd] = unsigned(value)
  }

  #goTo(target: number): undefined {
    this.pc = target
  }

  #jump(rd: number, target: bigint): string | undefined {
    if (target % 4n !== 0n) return 'misaligned-target'
    this.#set(rd, BigInt(this.pc) + 4n)
    return this.#goTo(Number(unsigned(target)))
  }

  #access(mnemonic: string, at: bigint): { address: number; size: number } | string {
    const size = mnemonic.includes('w') ? 4 : mnemonic.includes('h') ? 2 : 1
    const address = Number(unsigned(at))
    if (address % size !== 0) return 'misaligned-access'
    if (address < 0x10000 || address + size > 0x30000000) return 'access-out-of-range'
    return { address, size }
  }

  #load(mnemonic: string, rd: number, at: bigint): string | undefined {
    const access = this.#access(mnemonic, at)
    if (typeof access === 'string') return access
    let value = 0n
    for (let index = 0; index < access.size; index++) value |= BigInt(this.memory.get(access.address + index) ?? 0) << BigInt(8 * index)
    this.#set(rd, mnemonic.endsWith('u') ? value : BigInt.asIntN(8 * access.size, value))
    return this.#goTo(this.pc + 4)
  }

  #store(mnemonic: string, at: bigint, value: bigint): string | undefined {
    const access = this.#access(mnemonic, at)
    if (typeof access === 'string') return access
    for (let index = 0; index < access.size; index++) this.memory.set(access.address + index, Number((value >> BigInt(8 * index)) & 255n))
    return this.#goTo(this.pc + 4)
  }
}

function unsigned(value: bigint): bigint {
  return BigInt.asUintN(32, value)
}

function signed(value: bigint): bigint {
  return BigInt.asIntN(32, value)
}

function isTaken(mnemonic: string, a: bigint, b: bigint): boolean {
  switch (mnemonic) {
    case 'beq':
      return a === b
    case 'bne':
      return a !== b
    case 'blt':
      return signed(a) < signed(b)
    case 'bge':
      return signed(a) >= signed(b)
    case 'bltu':
      return a < b
    default:
      return a >= b
  }
}

function compute(mnemonic: string, { a, b, pc }: { a: bigint; b: bigint; pc: bigint }): bigint {
  const amount = b & 31n
  switch (mnemonic) {
    case 'lui':
      return b
    case 'auipc':
      return pc + b
    case 'add':
    case 'addi':
      return a + b
    case 'sub':
      return a - b
    case 'slt':
    case 'slti':
      return signed(a) < signed(b) ? 1n : 0n
    case 'sltu':
    case 'sltiu':
      return a < b ? 1n : 0n
    case 'xor':
    case 'xori':
      return a ^ b
    case 'or':
    case 'ori':
      return a | b
    case 'and':
    case 'andi':
      return a & b
    case 'sll':
    case 'slli':
      return a << amount
    case 'srl':
    case 'srli':
      return a >> amount
    case 'sra':
    case 'srai':
      return signed(a) >> amount
    case 'mul':
      return a * b
    case 'mulh':
      return (signed(a) * signed(b)) >> 32n
    case 'mulhsu':
      return (signed(a) * b) >> 32n
    case 'mulhu':
      return (a * b) >> 32n
    case 'div':
      return b === 0n ? -1n : signed(a) / signed(b)
    case 'divu':
      return b === 0n ? -1n : a / b
    case 'rem':
      return b === 0n ? a : signed(a) % signed(b)
    case 'remu':
      return b === 0n ? a : a % b
    default:
      throw new RangeError(`the reference does not know ${mnemonic}`)
  }
}
