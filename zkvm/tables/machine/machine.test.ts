import { describe, expect, it } from 'vitest'
import { imbalances, violations } from '../../air/check.ts'
import { loadProgram } from '../../isa/elf.ts'
import { Assembler } from '../../isa/testing/assembler.ts'
import { makeElf, textBase } from '../../isa/testing/make-elf.ts'
import { encodePublicValues } from '../public-values.ts'
import { machineAir } from './machine-air.ts'
import { MachineProgram } from './machine-program.ts'
import { RunPlan } from './run-plan.ts'

const [zero, sp, t0, t1, t2, a0] = [0, 2, 5, 6, 7, 10]

/** Adds up 1 … 10 in memory, loads it back in parts, and commits 32 bytes of it. */
function sumProgram(): MachineProgram {
  const code = new Assembler(textBase)
  code.li(sp, 0x0100_0000 - 64).li(t0, 10)
  code.emit('sw', { rs1: sp, rs2: zero, imm: 0 })
  const loop = code.pc
  code.emit('lw', { rd: t1, rs1: sp, imm: 0 }).emit('add', { rd: t1, rs1: t1, rs2: t0 }).emit('sw', { rs1: sp, rs2: t1, imm: 0 })
  code.emit('addi', { rd: t0, rs1: t0, imm: -1 })
  code.emit('bne', { rs1: t0, rs2: zero, imm: loop - code.pc })
  code.emit('sb', { rs1: sp, rs2: t1, imm: 5 }).emit('lh', { rd: t2, rs1: sp, imm: 4 }).emit('sub', { rd: t2, rs1: t2, rs2: t1 })
  code.emit('sra', { rd: t2, rs1: t2, rs2: t1 }).emit('lbu', { rd: zero, rs1: sp, imm: 5 })
  code.emit('addi', { rd: a0, rs1: sp, imm: 0 }).ecall(1).halt(0)
  return new MachineProgram(loadProgram(makeElf({ segments: [{ address: textBase, bytes: new Uint8Array(code.words.buffer), flags: 5 }] })))
}

function traced(program: MachineProgram) {
  const plan = new RunPlan({ program, input: new Uint8Array(), maxCycles: 100_000, maxLogPack: 5, maxSegmentLogHeight: 20 })
  const fixed = program.fixedColumns()
  const values = plan
    .traces(0)
    .map(({ logHeight, main }, index) => ({ logHeight, main, fixed: fixed[index]?.values ?? new BigUint64Array() }))
  return { values, publicValues: encodePublicValues(plan.publicValues) }
}

describe('the tables of a run', () => {
  it('satisfy their constraints and balance their buses', () => {
    const { values, publicValues } = traced(sumProgram())
    const found = machineAir.tables.flatMap((table, index) => {
      const tableValues = values[index]
      return tableValues === undefined ? [] : violations(table, tableValues)
    })
    expect(found).toEqual([])
    expect(imbalances(machineAir, values, publicValues)).toEqual([])
  })
})
