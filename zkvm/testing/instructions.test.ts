import { describe, expect, it } from 'vitest'
import { loadProgram } from '../isa/elf.ts'
import { instructionOf, instructions } from '../isa/instructions.ts'
import { casesProgram, instructionCases } from '../isa/testing/cases.ts'
import { dataBase } from '../isa/testing/make-elf.ts'
import vectors from '../isa/testing/vectors.json' with { type: 'json' }
import type { Step } from '../isa/trace.ts'
import { proveProgram, verifyProgram } from '../prover/prove-program.ts'
import { defaultParameters } from '../stark/parameters.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { ForgedRun } from './forged-run.ts'
import { registers, unreadResultsProgram } from './programs.ts'

const resultBase = dataBase + 0x1000

describe('every instruction, with edge operands and all register aliasings', () => {
  it('satisfies the tables, whose memory ends with what qemu computed', () => {
    const run = ForgedRun.of({ program: new MachineProgram(loadProgram(casesProgram())) })
    expect(run.problems()).toEqual({ tags: [], buses: [], tuples: [] })
    const finals = new Map<number, number>()
    for (let row = 0; row < run.height('ram'); row++) {
      if (run.get('ram', 'isZero', row) === 1n) finals.set(Number(run.get('ram', 'address', row)), Number(run.get('ram', 'final', row)))
    }
    const expected: Readonly<Record<string, readonly (readonly number[])[]>> = vectors
    const seen = new Map<string, number>()
    const wrong = instructionCases.filter(({ mnemonic }, index) => {
      const at = seen.get(mnemonic) ?? 0
      seen.set(mnemonic, at + 1)
      return finals.get(resultBase + 4 * index) !== (expected[mnemonic]?.[at]?.[6] ?? Number.NaN) >>> 0
    })
    expect(wrong).toEqual([])
  }, 120_000)

  it('is proven, and the proof verifies', async () => {
    // Fewer queries than a proof that anybody should believe; every step of prover and verifier.
    const parameters = { ...defaultParameters, queries: 6, grindingBits: 2 }
    const elf = casesProgram()
    const file = await proveProgram({ elf, parameters, threads: 2 })
    expect(file.publicValues.exitCode).toBe(0)
    await expect(verifyProgram({ elf, file, parameters, threads: 2 })).resolves.toBeUndefined()
  }, 240_000)
})

const isBranch = (mnemonic: string): boolean => /^b(eq|ne|lt|ge|ltu|geu)$/.test(mnemonic)
const isStore = (mnemonic: string): boolean => ['sb', 'sh', 'sw'].includes(mnemonic)

/** The tags that know the result of an instruction. */
function resultTags(mnemonic: string): readonly string[] {
  if (isBranch(mnemonic)) return [['beq', 'blt', 'bltu'].includes(mnemonic) ? 'ALU-RESULT-IS' : 'ALU-RESULT-IS-NOT']
  if (isStore(mnemonic)) return ['MEM-STORE']
  if (/^l[bhw]u?$/.test(mnemonic)) return ['MEM-RESULT']
  if (/^(mul|div|rem)/.test(mnemonic)) return ['MD-RESULT']
  if (mnemonic === 'jalr') return ['CPU-WRITE-LINK']
  if (['add', 'addi', 'sub', 'lui', 'auipc', 'jal'].includes(mnemonic)) return ['CPU-WRITE-SUM']
  if (/^slti?u?$/.test(mnemonic)) return ['ALU-RESULT-IS']
  if (/^s(ll|rl)i?$/.test(mnemonic)) return ['ALU-RESULT-SHIFT']
  if (/^srai?$/.test(mnemonic)) return ['ALU-RESULT-SRA']
  return [`ALU-RESULT-${mnemonic.replace(/i$/, '').toUpperCase()}`]
}

const program = unreadResultsProgram()

/** A machine that computes one instruction wrong. */
function lie(mnemonic: string): (step: Step) => Step {
  const { id } = instructionOf(mnemonic)
  return (step) => {
    const { op, rd } = program.program.code
    if (op[step.index] !== id || (!isStore(mnemonic) && rd[step.index] !== registers.t0)) return step
    return isStore(mnemonic) ? { ...step, memoryAfter: step.memoryAfter ^ 1 } : { ...step, rdAfter: step.rdAfter ^ 1 }
  }
}

describe('a program whose results nobody reads', () => {
  it('satisfies the tables, with branches to the next instruction too', () => {
    expect(ForgedRun.of({ program }).problems()).toEqual({ tags: [], buses: [], tuples: [] })
  })

  // What stores leave is there when the next one stores: only the last one's word is read by nobody.
  const others = ['fence', 'ecall', 'ebreak', 'sb', 'sh', ...instructions.map(({ mnemonic }) => mnemonic).filter(isBranch)]
  const named = instructions.map(({ mnemonic }) => mnemonic).filter((mnemonic) => !others.includes(mnemonic))
  it.each(named)('is refused where %s gives another, by the constraint of its result and nothing else', (mnemonic) => {
    const { tags, buses } = ForgedRun.of({ program, corrupt: lie(mnemonic) })
      .settle()
      .problems()
    expect({ tags, buses }).toEqual({ tags: resultTags(mnemonic), buses: [] })
  })

  it.each(['sb', 'sh'])('is refused where %s stores another, which the next access finds', (mnemonic) => {
    const { tags, buses } = ForgedRun.of({ program, corrupt: lie(mnemonic) })
      .settle()
      .problems()
    expect({ tags, buses }).toEqual({ tags: ['MEM-STORE'], buses: ['memory'] })
  })

  it.each(instructions.map(({ mnemonic }) => mnemonic).filter(isBranch))('is refused where %s goes the other way', (mnemonic) => {
    const run = ForgedRun.of({ program })
    const [row = 0] = run.executions(mnemonic)
    const call = run.rowsWhere('alu', 'is_'.concat(branchOperation(mnemonic)))[aluCallsBefore(run, mnemonic)] ?? 0
    const result = run.get('alu', 'result', call)
    const forged = run
      .copy()
      .set('cpu', 'isTaken', row, 1n - result)
      .set('alu', 'result', call, 1n - result)
      .settle()
    expect(forged.problems()).toMatchObject({ tags: ['CPU-NEXT', ...resultTags(mnemonic)], buses: [] })
    forged.set('alu', 'outcome', call, 1n - run.get('alu', 'outcome', call))
    // A lie about the condition itself is a word out of range, a number without inverse, or an equality that does not hold.
    const { tags, buses } = forged.settle().problems()
    expect([...tags.filter((tag) => tag !== 'CPU-NEXT'), ...buses].join()).toMatch(/^ALU-ORDER$|^ALU-EQUAL,ALU-UNEQUAL$|^half$/)
  })
})

function branchOperation(mnemonic: string): string {
  return mnemonic.slice(1)
}

/** Comparisons of the same kind that `slt` and its like have made before the first branch. */
function aluCallsBefore(run: ForgedRun, mnemonic: string): number {
  const setters: Readonly<Record<string, readonly string[]>> = { blt: ['slt', 'slti'], bltu: ['sltu', 'sltiu'] }
  return (setters[mnemonic] ?? []).flatMap((setter) => run.executions(setter)).length
}
