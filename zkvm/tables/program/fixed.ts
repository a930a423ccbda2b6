import type { Code } from '../../isa/decode.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { fixedHeightFor } from '../heights.ts'
import { instructionClasses, programInstruction } from './instruction.ts'

export function programFixed(code: Code): FixedColumns {
  const { height, logHeight } = fixedHeightFor(code.length)
  const values = new BigUint64Array(8 * height)
  for (let index = 0; index < code.length; index++) {
    const instruction = programInstruction(code, index)
    if (instruction === null) continue
    const { pc, operation, rd, rs1, rs2, immediate, target } = instruction
    const packedClass = 2 ** instructionClasses.indexOf(instruction.class)
    const row = [pc, packedClass, operation, rd, rs1, rs2, immediate, target]
    row.forEach((value, column) => {
      values[column * height + index] = BigInt(value)
    })
  }
  return { logHeight, values }
}
