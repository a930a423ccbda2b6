import type { Operands } from './decode.ts'
import type { Instruction } from './instructions.ts'

function fits(value: number, bits: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1)
}

function checked(value: number, ok: boolean, what: string): number {
  if (!ok) throw new RangeError(`${what} cannot be ${value}`)
  return value
}

/**
 * The word of an instruction, as a signed 32-bit number. Operands that its format lacks are ignored.
 *
 * @throws RangeError for a register or an immediate that does not fit.
 */
export function encode(instruction: Instruction, operands: Partial<Operands>): number {
  const register = (name: 'rd' | 'rs1' | 'rs2') => {
    const value = operands[name] ?? 0
    return checked(value, Number.isInteger(value) && value >= 0 && value < 32, `${instruction.mnemonic}: ${name}`)
  }
  const immediate = (bits: number, step = 1) => {
    const value = operands.imm ?? 0
    return checked(value, fits(value, bits) && value % step === 0, `${instruction.mnemonic}: the immediate`)
  }
  const { match } = instruction
  switch (instruction.format) {
    case 'R':
      return match | (register('rd') << 7) | (register('rs1') << 15) | (register('rs2') << 20)
    case 'I':
    case 'load':
      return match | (register('rd') << 7) | (register('rs1') << 15) | (immediate(12) << 20)
    case 'shift': {
      const amount = operands.imm ?? 0
      checked(amount, Number.isInteger(amount) && amount >= 0 && amount < 32, `${instruction.mnemonic}: the amount`)
      return match | (register('rd') << 7) | (register('rs1') << 15) | (amount << 20)
    }
    case 'S': {
      const imm = immediate(12)
      return match | (register('rs1') << 15) | (register('rs2') << 20) | ((imm & 31) << 7) | ((imm >> 5) << 25)
    }
    case 'B': {
      const imm = immediate(13, 2)
      const low = (((imm >> 1) & 0xf) << 8) | (((imm >> 11) & 1) << 7)
      const high = (((imm >> 5) & 0x3f) << 25) | (((imm >> 12) & 1) << 31)
      return match | (register('rs1') << 15) | (register('rs2') << 20) | low | high
    }
    case 'U':
      return match | (register('rd') << 7) | immediate(32, 4096)
    case 'J': {
      const imm = immediate(21, 2)
      const bits = (((imm >> 20) & 1) << 31) | (((imm >> 1) & 0x3ff) << 21) | (((imm >> 11) & 1) << 20) | (imm & 0xff000)
      return match | (register('rd') << 7) | bits
    }
    case 'none':
      return match
  }
}
