import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, identify, operandsOf } from './decode.ts'
import { disassemble } from './disassemble.ts'
import { encode } from './encode.ts'
import { illegalId, instructionOf, instructions } from './instructions.ts'

const register = fc.integer({ min: 0, max: 31 })
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

describe('the instruction table', () => {
  test('has RV32I without CSRs and M, each once', () => {
    expect(instructions).toHaveLength(48)
    expect(new Set(instructions.map(({ mnemonic }) => mnemonic)).size).toBe(48)
    expect(instructions.map(({ id }) => id)).toEqual([...instructions.keys()])
  })

  test('no word is two instructions', () => {
    for (const one of instructions) {
      for (const other of instructions) {
        if (one !== other) expect((one.match ^ other.match) & one.mask & other.mask, `${one.mnemonic} ${other.mnemonic}`).not.toBe(0)
      }
    }
  })
})

describe('encoding and decoding', () => {
  test('what is encoded decodes to the same instruction and operands', () => {
    fc.assert(
      fc.property(fc.constantFrom(...instructions), register, register, register, word, (instruction, rd, rs1, rs2, value) => {
        const { format } = instruction
        const imm =
          format === 'U'
            ? value & ~0xfff
            : format === 'J'
              ? (value >> 11) & ~1
              : format === 'B'
                ? (value >> 19) & ~1
                : format === 'shift'
                  ? value & 31
                  : format === 'R' || format === 'none'
                    ? 0
                    : value >> 20
        const encoded = encode(instruction, { rd, rs1, rs2, imm })
        expect(identify(encoded)).toBe(instruction)
        const kept = operandsOf(encoded, format)
        expect(kept.imm).toBe(imm)
        if (kept.rd !== 0) expect(kept.rd).toBe(rd)
        if (kept.rs1 !== 0) expect(kept.rs1).toBe(rs1)
        if (kept.rs2 !== 0) expect(kept.rs2).toBe(rs2)
        expect(encode(instruction, kept)).toBe(encoded)
      }),
      { numRuns: 3000 },
    )
  })

  // Words from llvm-mc 14.
  test.each([
    [0x00000013, 'addi zero, zero, 0'],
    [0xfff00093, 'addi ra, zero, -1'],
    [0x40c5d513, 'srai a0, a1, 12'],
    [0x12345537, 'lui a0, 0x12345'],
    [0xfffff517, 'auipc a0, 0xfffff'],
    [0x02c58533, 'mul a0, a1, a2'],
    [0x02c5f533, 'remu a0, a1, a2'],
    [0xfeb50ee3, 'beq a0, a1, 0xfffffc'],
    [0x0080006f, 'jal zero, 0x1000008'],
    [0xffdff0ef, 'jal ra, 0xfffffc'],
    [0x00008067, 'jalr zero, 0(ra)'],
    [0xfe112e23, 'sw ra, -4(sp)'],
    [0x00c12083, 'lw ra, 12(sp)'],
    [0x00000073, 'ecall'],
    [0x00100073, 'ebreak'],
    [0x0ff0000f, 'fence'],
  ])('%s is %s', (encoded, text) => {
    expect(disassemble(encoded | 0, 0x1000000)).toBe(text)
  })

  test.each([
    ['zero', 0],
    ['all ones', -1],
    ['c.nop twice', 0x00010001],
    ['csrrw', 0x30529073],
    ['mret', 0x30200073],
    ['fence.i', 0x0000100f],
    ['lr.w', 0x1005252f],
    ['ld of RV64', 0x0005b503],
    ['slli with a sixth bit of amount', 0x02051513],
    ['ecall with a register', 0x00000573],
    ['flw', 0x00052507],
    ['branch with funct3 2', 0x00b52063],
    ['addw of RV64', 0x00b5053b],
    ['jalr with funct3 1', 0x00009067],
    ['andn of Zbb', 0x40c5f533],
  ])('%s is illegal', (_name, encoded) => {
    expect(identify(encoded | 0)).toBeUndefined()
    expect(disassemble(encoded | 0, 0)).toMatch(/^\.word 0x/)
    expect(decode(Int32Array.of(encoded), 0x1000000).op[0]).toBe(illegalId)
  })

  test('any word decodes to a legal instruction that encodes to its fields, or is illegal', () => {
    fc.assert(
      fc.property(word, (encoded) => {
        const instruction = identify(encoded)
        if (instruction === undefined || instruction.format === 'none') return
        expect(encode(instruction, operandsOf(encoded, instruction.format))).toBe(encoded)
      }),
      { numRuns: 5000 },
    )
  })

  test.each([
    ['addi', { imm: 2048 }],
    ['sw', { imm: -2049 }],
    ['beq', { imm: 3 }],
    ['beq', { imm: 4096 }],
    ['jal', { imm: 1 << 20 }],
    ['lui', { imm: 1 }],
    ['slli', { imm: 32 }],
    ['add', { rd: 32 }],
    ['add', { rs2: -1 }],
  ])('%s refuses %o', (mnemonic, operands) => {
    expect(() => encode(instructionOf(mnemonic), operands)).toThrow(RangeError)
  })
})
