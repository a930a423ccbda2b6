import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadProgram } from './elf.ts'
import { encode } from './encode.ts'
import { MachineFaultError } from './errors.ts'
import { instructionOf, instructions } from './instructions.ts'
import { Machine } from './machine.ts'
import { runProgram } from './run-program.ts'
import { casesProgram, instructionCases } from './testing/cases.ts'
import { assemble, dataBase } from './testing/make-elf.ts'
import { isQemuInstalled, vectorsFromQemu } from './testing/qemu.ts'
import { ReferenceMachine } from './testing/reference.ts'
import vectors from './testing/vectors.json' with { type: 'json' }

const committed: Readonly<Record<string, readonly (readonly number[])[]>> = vectors

function runCases(): Buffer {
  const parts: Uint8Array[] = []
  const { exitCode } = runProgram({ elf: casesProgram(), maxCycles: 1_000_000, onLog: (bytes) => parts.push(bytes) })
  expect(exitCode).toBe(0)
  return Buffer.concat(parts)
}

describe('every instruction, with edge operands and all register aliasings', () => {
  test('gives what qemu gave', () => {
    const results = runCases()
    const ours: Record<string, number[][]> = {}
    instructionCases.forEach(({ mnemonic, rd, rs1, rs2, imm, a, b }, index) => {
      ours[mnemonic] ??= []
      ours[mnemonic].push([rd, rs1, rs2, imm, a, b, results.readInt32LE(4 * index)])
    })
    const untested = instructions.map(({ mnemonic }) => mnemonic).filter((mnemonic) => ours[mnemonic] === undefined)
    expect(untested).toEqual(['ecall', 'ebreak'])
    for (const mnemonic of Object.keys(ours)) expect(ours[mnemonic], mnemonic).toEqual(committed[mnemonic])
    expect(Object.keys(committed)).toEqual(Object.keys(ours))
  })

  test.runIf(isQemuInstalled())('the committed results are those of the qemu here', () => {
    expect(vectorsFromQemu()).toEqual(committed)
  })
})

const WINDOW = 64

/** Mostly instructions that go on: registers 5 … 9 compute, 2 points into the data, branches go a little forward. */
const anyWord = fc
  .record({
    instruction: fc.constantFrom(...instructions.filter(({ mnemonic }) => mnemonic !== 'jalr')),
    rd: fc.constantFrom(0, 5, 6, 7, 8, 9),
    rs1: fc.constantFrom(0, 5, 6, 7, 8, 9),
    rs2: fc.constantFrom(0, 5, 6, 7, 8, 9),
    imm: fc.integer({ min: -2048, max: 2047 }),
    offset: fc.integer({ min: 0, max: WINDOW - 4 }),
    isAligned: fc.boolean(),
    raw: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { freq: 60 }),
  })
  .map(({ instruction, rd, rs1, rs2, imm, offset, isAligned, raw }) => {
    if (raw !== null) return raw
    switch (instruction.format) {
      case 'load':
      case 'S':
        return encode(instruction, { rd, rs1: 2, rs2, imm: isAligned ? offset & ~3 : offset })
      case 'B':
      case 'J':
        return encode(instruction, { rd, rs1, rs2, imm: isAligned ? 4 + (offset & 12) : 4 + (offset & 14) })
      case 'U':
        return encode(instruction, { rd, imm: imm << 12 })
      case 'shift':
        return encode(instruction, { rd, rs1, imm: imm & 31 })
      default:
        return encode(instruction, { rd, rs1, rs2, imm })
    }
  })

interface End {
  readonly reason: string
  readonly pc: number
  readonly registers: readonly number[]
  readonly data: readonly number[]
}

const STEPS = 300

function endOfReference(elf: Uint8Array): End {
  const reference = new ReferenceMachine(loadProgram(elf))
  let reason: string | undefined
  for (let step = 0; step < STEPS && reason === undefined; step++) reason = reference.step()
  return {
    reason: reason ?? 'limit',
    pc: reference.pc,
    registers: reference.registers.map((value) => Number(BigInt.asIntN(32, value))),
    data: Array.from({ length: WINDOW }, (_, index) => reference.memory.get(dataBase + index) ?? 0),
  }
}

function endOfMachine(elf: Uint8Array, run: (machine: Machine) => void): End {
  const machine = new Machine({ program: loadProgram(elf) })
  let reason = 'limit'
  try {
    run(machine)
  } catch (error) {
    if (!(error instanceof MachineFaultError)) throw error
    // The reference stops at a call; the machine refuses number 0.
    reason = error.kind === 'breakpoint' ? 'ebreak' : error.kind === 'system-function' ? 'ecall' : error.kind
  }
  const data = [...machine.memory.bytes.subarray(dataBase, dataBase + WINDOW)]
  return { reason, pc: machine.pc, registers: [...machine.registers], data }
}

describe('random programs', () => {
  test('end like those of the reference, stepped or not', () => {
    fc.assert(
      fc.property(
        fc.array(anyWord, { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer(), { minLength: 5, maxLength: 5 }),
        (words, values) => {
          const elf = assemble(
            (program) => {
              program.li(2, dataBase)
              values.forEach((value, index) => {
                program.li(5 + index, value | 0)
              })
              for (const value of words) program.word(value)
              // Loops are cut by the limit.
              program.emit('jal', { imm: -4 * Math.min(words.length, 7) })
            },
            Uint8Array.from({ length: WINDOW }, (_, index) => (index * 37) & 255),
          )
          const expected = endOfReference(elf)
          expect(endOfMachine(elf, (machine) => machine.run(STEPS))).toEqual(expected)
          expect(endOfMachine(elf, (machine) => machine.runObserved(STEPS, () => undefined))).toEqual(expected)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('any words are run or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (words) => {
        const elf = assemble((program) => {
          for (const value of words) program.word(value | 0)
        })
        expect(endOfMachine(elf, (machine) => machine.run(STEPS))).toMatchObject({ reason: expect.any(String) })
      }),
      { numRuns: 200 },
    )
  })

  test('the trace of a random program is that of plain registers and memory', () => {
    fc.assert(
      fc.property(fc.array(anyWord, { minLength: 1, maxLength: 60 }), (words) => {
        const elf = assemble((assembler) => {
          assembler.li(2, dataBase)
          for (const value of words) assembler.word(value)
        })
        const { code, entry } = loadProgram(elf)
        const registers = new Int32Array(32)
        const memory = new Map<number, number>()
        let [pc, cycle] = [entry, 0]
        endOfMachine(elf, (machine) =>
          machine.runObserved(STEPS, (step) => {
            const { index } = step
            const rd = code.rd[index] ?? 0
            expect([step.pc, step.cycle, index]).toEqual([pc, cycle, (pc - code.base) / 4])
            expect([step.rs1Value, step.rs2Value, step.rdBefore]).toEqual([
              registers[code.rs1[index] ?? 0],
              registers[code.rs2[index] ?? 0],
              registers[rd],
            ])
            if (rd === 0) expect(step.rdAfter).toBe(0)
            registers[rd] = step.rdAfter
            if (step.memoryAddress >= 0) {
              expect(step.memoryBefore).toBe(memory.get(step.memoryAddress) ?? 0)
              memory.set(step.memoryAddress, step.memoryAfter)
            }
            pc = step.nextPc
            cycle += 1
          }),
        )
      }),
      { numRuns: 150 },
    )
  })

  test('multiplication and division agree with bigint on random operands', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    const names = ['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu']
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 20 }), (pairs) => {
        const elf = assemble((program) => {
          program.li(2, dataBase)
          for (const [a, b] of pairs) {
            program.li(5, a).li(6, b)
            for (const name of names) {
              program.emit(name, { rd: 7, rs1: 5, rs2: 6 }).emit('xor', { rd: 8, rs1: 8, rs2: 7 }).emit('add', { rd: 8, rs1: 8, rs2: 8 })
            }
          }
          program.emit('ebreak')
        })
        const reference = new ReferenceMachine(loadProgram(elf))
        while (reference.step() === undefined);
        const machine = new Machine({ program: loadProgram(elf) })
        expect(() => machine.run(10_000)).toThrow(MachineFaultError)
        expect(machine.registers[8]).toBe(Number(BigInt.asIntN(32, reference.registers[8] ?? 0n)))
      }),
      { numRuns: 100 },
    )
  })
})

test('a store to code changes memory, not the instruction', () => {
  const elf = assemble((program) => {
    const patched = program.pc + 20
    program.li(5, patched).li(6, encode(instructionOf('ebreak'), {}))
    program.emit('sw', { rs1: 5, rs2: 6 })
    program.emit('addi', { rd: 10, imm: 7 })
    program.emit('lw', { rd: 11, rs1: 5 }).emit('sub', { rd: 11, rs1: 11, rs2: 6 }).emit('add', { rd: 10, rs1: 10, rs2: 11 })
    program.ecall(93)
  })
  expect(runProgram({ elf, maxCycles: 100 }).exitCode).toBe(7)
})
