import { describe, expect, test } from 'vitest'
import { DevnetError } from '../../core/index.ts'
import { addressMap, maxInputLength } from './address-map.ts'
import { loadProgram } from './elf.ts'
import { type FaultKind, MachineFaultError } from './errors.ts'
import { Machine } from './machine.ts'
import { runProgram } from './run-program.ts'
import type { Assembler } from './testing/assembler.ts'
import { assemble, dataBase, makeElf, textBase } from './testing/make-elf.ts'
import type { Step } from './trace.ts'

function faultOf(write: (program: Assembler) => void, maxCycles = 1000): MachineFaultError {
  try {
    runProgram({ elf: assemble(write), maxCycles })
  } catch (error) {
    if (error instanceof MachineFaultError) return error
    throw error
  }
  throw new Error('the program halted')
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DevnetError) return error.code
    throw error
  }
  return 'no error'
}

describe('faults name their kind, pc, symbol and what happened', () => {
  const far = (address: number) => (program: Assembler, mnemonic: string) =>
    program.li(5, address).emit(mnemonic, { rd: 6, rs1: 5, rs2: 6 })
  test.each<[string, FaultKind, number, RegExp, (program: Assembler) => void]>([
    ['an illegal word', 'illegal-instruction', 4, /0x00000000 is no instruction/, (p) => p.emit('fence').word(0)],
    ['ebreak', 'breakpoint', 0, /ebreak/, (p) => p.emit('ebreak')],
    ['lw at an odd address', 'misaligned-access', 8, /`lw t1, 0\(t0\)` at address 0x02000001/, (p) => far(dataBase + 1)(p, 'lw')],
    ['lw at half a word', 'misaligned-access', 8, /0x02000002/, (p) => far(dataBase + 2)(p, 'lw')],
    ['lh at an odd address', 'misaligned-access', 8, /`lh/, (p) => far(dataBase + 3)(p, 'lh')],
    ['lhu at an odd address', 'misaligned-access', 8, /`lhu/, (p) => far(dataBase + 3)(p, 'lhu')],
    ['sh at an odd address', 'misaligned-access', 8, /`sh/, (p) => far(dataBase + 1)(p, 'sh')],
    ['sw at half a word', 'misaligned-access', 8, /`sw/, (p) => far(dataBase + 2)(p, 'sw')],
    ['a load through null', 'access-out-of-range', 8, /at address 0x00000000, outside RAM/, (p) => far(0)(p, 'lw')],
    ['a store below RAM', 'access-out-of-range', 8, /0x0000ffff/, (p) => far(0xffff)(p, 'sb')],
    ['a store above RAM', 'access-out-of-range', 8, /0x30000000/, (p) => far(0x30000000)(p, 'sw')],
    ['a load from the end of the address space', 'access-out-of-range', 8, /0xfffffffe/, (p) => far(-2)(p, 'lhu')],
    ['a byte above RAM', 'access-out-of-range', 8, /0x30000000/, (p) => far(0x30000000)(p, 'lbu')],
    ['jal to half a word', 'misaligned-target', 0, /to 0x01000006/, (p) => p.emit('jal', { rd: 1, imm: 6 })],
    ['jalr to half a word', 'misaligned-target', 8, /to 0x01000002/, (p) => p.li(5, textBase + 3).emit('jalr', { rd: 1, rs1: 5 })],
    ['a taken branch to half a word', 'misaligned-target', 0, /to 0x0100000a/, (p) => p.emit('beq', { imm: 10 })],
    ['running off the code', 'pc-out-of-range', 4, /outside the executable segments/, (p) => p.emit('fence')],
    ['jumping to null', 'pc-out-of-range', -textBase, /outside/, (p) => p.emit('jalr')],
    ['jumping into data', 'pc-out-of-range', dataBase - textBase, /outside/, (p) => p.li(5, dataBase).emit('jalr', { rs1: 5 })],
    ['an unknown system function', 'system-function', 8, /there is no system function 7/, (p) => p.ecall(7)],
  ])('%s', (_name, kind, offset, what, write) => {
    const fault = faultOf(write)
    expect(fault).toMatchObject({ code: 'PROGRAM_FAULT', kind, pc: textBase + offset })
    expect(fault.message).toMatch(what)
    const isInside = kind !== 'pc-out-of-range'
    expect(fault.symbol).toBe(isInside ? '_start' : undefined)
  })

  describe('branches to half a word fault where they are taken, else go on', () => {
    const pairs = [
      [1, 1],
      [1, 2],
      [2, 1],
      [-1, 1],
      [1, -1],
    ] as const
    test.each<[string, (a: number, b: number) => boolean]>([
      ['beq', (a, b) => a === b],
      ['bne', (a, b) => a !== b],
      ['blt', (a, b) => a < b],
      ['bge', (a, b) => a >= b],
      ['bltu', (a, b) => a >>> 0 < b >>> 0],
      ['bgeu', (a, b) => a >>> 0 >= b >>> 0],
    ])('%s', (mnemonic, isTaken) => {
      for (const [a, b] of pairs) {
        const write = (p: Assembler) => p.li(5, a).li(6, b).emit(mnemonic, { rs1: 5, rs2: 6, imm: 10 }).halt(3)
        if (isTaken(a, b)) expect(faultOf(write)).toMatchObject({ kind: 'misaligned-target', pc: textBase + 16 })
        else expect(runProgram({ elf: assemble(write), maxCycles: 20 }).exitCode).toBe(3)
      }
    })
  })

  test('what lies between two executable segments is outside the code', () => {
    const fence = Uint8Array.of(0x0f, 0, 0, 0)
    const segments = [textBase, textBase + 4096].map((address) => ({ address, bytes: fence, flags: 5 }))
    const machine = new Machine({ program: loadProgram(makeElf({ segments })) })
    expect(() => machine.run(10)).toThrow(expect.objectContaining({ kind: 'pc-out-of-range', pc: textBase + 4, cycle: 1 }))
  })

  test('the instruction that faults changes nothing', () => {
    const program = loadProgram(assemble((p) => p.li(5, dataBase + 1).emit('lw', { rd: 5, rs1: 5 })))
    const machine = new Machine({ program })
    expect(() => machine.run(10)).toThrow(MachineFaultError)
    expect([machine.registers[5], machine.pc, machine.cycles]).toEqual([dataBase + 1, textBase + 8, 2])
  })
})

describe('the edges of RAM', () => {
  test.each([
    [addressMap.ramStart, 'sw'],
    [addressMap.ramEnd - 4, 'sw'],
    [addressMap.ramEnd - 2, 'sh'],
    [addressMap.ramEnd - 1, 'sb'],
  ])('0x%s takes %s', (address, mnemonic) => {
    const elf = assemble((program) => program.li(5, address).emit(mnemonic, { rs1: 5, rs2: 5 }).halt())
    expect(runProgram({ elf, maxCycles: 10 }).exitCode).toBe(0)
  })
})

describe('the run', () => {
  const loop = assemble((program) => program.emit('jal', { imm: 0 }))

  test('starts with zero registers at the entry point', () => {
    const machine = new Machine({ program: loadProgram(loop) })
    expect([...machine.registers]).toEqual(new Array(32).fill(0))
    expect(machine.pc).toBe(textBase)
  })

  test('is ended by the cycle limit, exactly', () => {
    expect(codeOf(() => runProgram({ elf: loop, maxCycles: 1000 }))).toBe('PROGRAM_CYCLE_LIMIT')
    const elf = assemble((program) => program.emit('fence').halt())
    expect(runProgram({ elf, maxCycles: 6 })).toMatchObject({ cycles: 6, exitCode: 0, output: null })
    expect(codeOf(() => runProgram({ elf, maxCycles: 5 }))).toBe('PROGRAM_CYCLE_LIMIT')
  })

  test('maps the private input with its length', () => {
    const elf = assemble((program) => {
      program.li(5, addressMap.inputStart).emit('lw', { rd: 10, rs1: 5 })
      program.emit('lbu', { rd: 6, rs1: 5, imm: 0x12 }).emit('add', { rd: 10, rs1: 10, rs2: 6 })
      for (const imm of [4, 8, 12, 0x13]) program.emit('lbu', { rd: 6, rs1: 5, imm }).emit('add', { rd: 10, rs1: 10, rs2: 6 })
      program.ecall(93)
    })
    expect(runProgram({ elf, input: Uint8Array.of(9, 8, 200), maxCycles: 100 }).exitCode).toBe(203)
    expect(runProgram({ elf, maxCycles: 100 }).exitCode).toBe(0)
  })

  test('refuses an input that does not fit', () => {
    const input = new Uint8Array(maxInputLength + 1)
    expect(codeOf(() => runProgram({ elf: loop, input, maxCycles: 1 }))).toBe('PROGRAM_INPUT_TOO_LONG')
  })

  test('profiles by symbol, only when asked', () => {
    const elf = assemble((program) => program.emit('fence').halt())
    expect(runProgram({ elf, maxCycles: 10 }).profile).toEqual([])
    expect(runProgram({ elf, maxCycles: 10, profileTop: 3 }).profile).toEqual([{ symbol: '_start', cycles: 6 }])
  })
})

describe('the trace', () => {
  const elf = assemble(
    (program) => {
      program.li(2, dataBase).li(5, -2)
      program.emit('sh', { rs1: 2, rs2: 5, imm: 2 })
      program.emit('lb', { rd: 2, rs1: 2, imm: 3 })
      program.emit('add', { rd: 0, rs1: 2, rs2: 5 })
      program.emit('bne', { rs1: 2, rs2: 5, imm: 8 })
      program.word(0)
      program.halt(4)
    },
    Uint8Array.of(1, 2, 3, 4),
  )

  function steps(): Step[] {
    const seen: Step[] = []
    runProgram({ elf, maxCycles: 100, trace: (step) => seen.push({ ...step }) })
    return seen
  }

  test('shows registers and the word of each access, before and after', () => {
    const [store, load, add, branch] = steps().slice(4)
    expect(store).toMatchObject({ cycle: 4, pc: textBase + 16, rs1Value: dataBase, rs2Value: -2, memoryAddress: dataBase })
    expect([store?.memoryBefore, store?.memoryAfter].map((word) => (word ?? 0) >>> 0)).toEqual([0x04030201, 0xfffe0201])
    expect(load).toMatchObject({ rs1Value: dataBase, rdBefore: dataBase, rdAfter: -1, memoryAddress: dataBase })
    expect(load?.memoryAfter).toBe(load?.memoryBefore)
    expect(add).toMatchObject({ rs1Value: -1, rs2Value: -2, rdBefore: 0, rdAfter: 0, memoryAddress: -1, call: undefined })
    expect(branch).toMatchObject({ nextPc: (branch?.pc ?? 0) + 8 })
  })

  test('chains pc and time and ends on halt', () => {
    const seen = steps()
    seen.forEach((step, index) => {
      expect(step.cycle).toBe(index)
      expect(step.nextPc).toBe(seen[index + 1]?.pc ?? step.pc)
    })
    expect(seen.at(-1)?.call).toEqual({ number: 93, arguments: [4], accesses: [], answer: undefined })
  })
})
