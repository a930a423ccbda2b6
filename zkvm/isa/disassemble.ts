import { identify, operandsOf } from './decode.ts'
import { registerNames } from './instructions.ts'

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`
}

/** One instruction as text, in the syntax of llvm-objdump without pseudo-instructions; branch targets are absolute. */
export function disassemble(word: number, pc: number): string {
  const instruction = identify(word)
  if (instruction === undefined) return `.word ${hex(word)}`
  const { mnemonic, format } = instruction
  const operands = operandsOf(word, format)
  const [rd, rs1, rs2] = [operands.rd, operands.rs1, operands.rs2].map((index) => registerNames[index])
  const { imm } = operands
  switch (format) {
    case 'R':
      return `${mnemonic} ${rd}, ${rs1}, ${rs2}`
    case 'I':
    case 'shift':
      return `${mnemonic} ${rd}, ${rs1}, ${imm}`
    case 'load':
      return `${mnemonic} ${rd}, ${imm}(${rs1})`
    case 'S':
      return `${mnemonic} ${rs2}, ${imm}(${rs1})`
    case 'B':
      return `${mnemonic} ${rs1}, ${rs2}, ${hex(pc + imm)}`
    case 'U':
      return `${mnemonic} ${rd}, ${hex(imm >>> 12)}`
    case 'J':
      return `${mnemonic} ${rd}, ${hex(pc + imm)}`
    case 'none':
      return mnemonic
  }
}
