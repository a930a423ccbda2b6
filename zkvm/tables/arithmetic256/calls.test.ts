import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadProgram } from '../../isa/elf.ts'
import { integerToWords } from '../../isa/system/integers.ts'
import { assemble, dataBase } from '../../isa/testing/make-elf.ts'
import { createProgramKey, type ProgramKey } from '../../prover/program-key.ts'
import { InvalidProofError } from '../../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../../stark/parameters.ts'
import { prove } from '../../stark/prover/prove.ts'
import { ProverWorkers } from '../../stark/prover/workers.ts'
import { verify } from '../../stark/verifier.ts'
import { ForgedRun } from '../../testing/forged-run.ts'
import { MachineProgram } from '../machine/machine-program.ts'
import { range } from '../testing/changed-table.ts'
import { type Arithmetic256Operation, arithmetic256Numbers, callRows, integerWords, prime } from './operations.ts'
import { generator } from './testing/points.ts'

const [zero, t0, a0] = [0, 5, 10]
const dataWords = 64

interface Call {
  readonly operation: Arithmetic256Operation
  /** Words of the data that a0, a1, … point to. */
  readonly at: readonly number[]
}

/** A program that makes these calls on its data, and then loads all of it: what was written is what the emulator wrote. */
function program(calls: readonly Call[], data: Uint32Array): MachineProgram {
  const elf = assemble((code) => {
    for (const { operation, at } of calls) {
      at.forEach((word, argument) => {
        code.li(a0 + argument, dataBase + 4 * word)
      })
      code.ecall(arithmetic256Numbers[operation])
    }
    code.li(a0, dataBase)
    for (const index of range(0, dataWords)) code.emit('lw', { rd: t0, rs1: a0, imm: 4 * index })
    code.ecall(1).emit('addi', { rd: a0, rs1: zero, imm: 0 }).halt(0)
  }, new Uint8Array(data.buffer))
  return new MachineProgram(loadProgram(elf))
}

/** Words that make no number of 8 exceed the prime, and no two alike. */
const anyData = Uint32Array.from({ length: dataWords }, (_, index) =>
  index % 8 === 7 ? index + 1 : Math.imul(index + 1, 0x9e37_79b9) >>> 0,
)

function pointData(): Uint32Array {
  const data = anyData.slice()
  generator.forEach((coordinate, index) => {
    data.set(Uint32Array.from(integerToWords(coordinate, integerWords)), integerWords * index)
  })
  return data
}

const noProblems = { tags: [], buses: [], tuples: [] }

describe('calls for 256-bit arithmetic', () => {
  it.each<[string, readonly Call[]]>([
    ['none', []],
    ['a product and a sum', [{ operation: 'mulAdd', at: [0, 16, 24, 32] }]],
    ['a product modulo a number', [{ operation: 'mulMod', at: [0, 8, 16, 24] }]],
    ['a sum of points', [{ operation: 'add', at: [0, 16] }]],
    ['a double', [{ operation: 'double', at: [0] }]],
    ['a square', [{ operation: 'mulMod', at: [0, 8, 8, 16] }]],
    ['a number that is all operands, and in the result', [{ operation: 'mulAdd', at: [8, 8, 8, 8] }]],
    ['a result in place of the first factor', [{ operation: 'mulMod', at: [8, 8, 16, 24] }]],
    ['a result in place of the second factor', [{ operation: 'mulMod', at: [8, 16, 8, 24] }]],
    ['a result in place of the modulus', [{ operation: 'mulMod', at: [8, 16, 24, 8] }]],
    ['a long result over all operands', [{ operation: 'mulAdd', at: [6, 0, 8, 16] }]],
    ['factors that overlap', [{ operation: 'mulAdd', at: [40, 0, 3, 5] }]],
    ['points that overlap', [{ operation: 'add', at: [0, 8] }]],
    ['points that overlap the other way', [{ operation: 'add', at: [16, 8] }]],
    [
      'calls that go on from each other',
      [
        { operation: 'double', at: [0] },
        { operation: 'add', at: [0, 16] },
        { operation: 'mulMod', at: [0, 0, 8, 16] },
        { operation: 'double', at: [16] },
      ],
    ],
  ])('are proven: %s', (_, calls) => {
    expect(ForgedRun.of({ program: program(calls, pointData()) }).problems()).toEqual(noProblems)
  })

  it('are proven with any overlap', () => {
    const place = fc.integer({ min: 0, max: 24 })
    fc.assert(
      fc.property(place, place, place, place, fc.boolean(), (out, a, b, c, isReduced) => {
        const calls: Call[] = [{ operation: isReduced ? 'mulMod' : 'mulAdd', at: [out, a, b, c] }]
        expect(ForgedRun.of({ program: program(calls, anyData) }).problems()).toEqual(noProblems)
      }),
      { numRuns: 10 },
    )
  }, 120_000)

  it.each<[string, readonly Call[], (data: Uint32Array) => void]>([
    [
      'a coordinate that is not reduced',
      [{ operation: 'double', at: [0] }],
      (data) => data.set(Uint32Array.from(integerToWords(prime, 8))),
    ],
    ['points with one x', [{ operation: 'add', at: [0, 16] }], (data) => data.copyWithin(16, 0, 8)],
    ['a point with y = 0', [{ operation: 'double', at: [0] }], (data) => data.fill(0, 8, 16)],
    ['a modulus of 0', [{ operation: 'mulMod', at: [0, 8, 16, 24] }], (data) => data.fill(0, 24, 32)],
  ])('have no run for %s', (_, calls, change) => {
    const data = pointData()
    change(data)
    expect(() => ForgedRun.of({ program: program(calls, data) })).toThrow(expect.objectContaining({ code: 'PROGRAM_FAULT' }))
  })
})

describe('a machine that computes', () => {
  const calls: readonly Call[] = [
    { operation: 'mulAdd', at: [32, 0, 8, 16] },
    { operation: 'add', at: [0, 16] },
    { operation: 'mulMod', at: [24, 8, 16, 24] },
  ]
  const honest = ForgedRun.of({ program: program(calls, pointData()) })
  const noticed = (forge: (run: ForgedRun) => void) => {
    const run = honest.copy()
    forge(run)
    return run.settle().problems()
  }

  it('cannot go without the call that a cycle makes, or make another', () => {
    const absent = noticed((run) => {
      for (const row of range(callRows, callRows)) {
        for (const column of Object.keys(run.row('arithmetic256', row))) run.set('arithmetic256', column, row, 0)
      }
    })
    expect(absent).toEqual(expect.objectContaining({ tags: [], buses: ['memory', 'system'] }))
    const twice = noticed((run) => {
      for (const row of range(0, callRows)) run.assign('arithmetic256', 3 * callRows + row, run.row('arithmetic256', callRows + row))
    })
    expect(twice).toEqual(expect.objectContaining({ tags: [], buses: ['memory', 'system'] }))
  })

  it('cannot exchange the calls of two cycles', () => {
    const { tags, buses } = noticed((run) => {
      const times = [0, callRows].map((row) => run.get('arithmetic256', 'timestamp', row))
      for (const row of range(0, callRows)) {
        run.set('arithmetic256', 'timestamp', row, times[1] ?? 0n).set('arithmetic256', 'timestamp', callRows + row, times[0] ?? 0n)
      }
    })
    expect(tags).toEqual([])
    expect(buses).toEqual(expect.arrayContaining(['memory', 'system']))
  })

  it('cannot read an operand after the result was written', () => {
    // The remainder's own place holds the modulus: what is read there comes before what is written.
    const { tags, buses } = noticed((run) => {
      const first = 2 * callRows
      const written = run.get('arithmetic256', 'after.low', first)
      run.set('arithmetic256', 'right.low', first, written)
    })
    expect(tags).toEqual(['A256-LIMIT', 'A256-IDENTITY'])
    expect(buses).toContain('memory')
  })
})

describe('a proof of calls for 256-bit arithmetic', () => {
  const parameters: StarkParameters = { ...defaultParameters, queries: 6, grindingBits: 2 }
  const calls: readonly Call[] = [
    { operation: 'double', at: [0] },
    { operation: 'add', at: [0, 16] },
    { operation: 'mulMod', at: [0, 0, 8, 16] },
    { operation: 'mulAdd', at: [16, 0, 8, 24] },
  ]
  const timeoutMs = 240_000
  const workers = new ProverWorkers({ threads: 2 })
  const honest = ForgedRun.of({ program: program(calls, pointData()), maxLogPack: parameters.maxLogPack })
  let key: ProgramKey
  beforeAll(async () => {
    key = await createProgramKey({ program: honest.program, parameters, logHeights: [16], workers })
  }, timeoutMs)
  afterAll(() => workers.close())

  const proofOf = (run: ForgedRun) => prove({ key: key.provingKey, publicValues: run.publicValues, traces: run.values, workers })

  it(
    'is accepted',
    async () => {
      const proof = await proofOf(honest)
      expect(() => verify(key.provingKey.verifyingKey, honest.publicValues, proof)).not.toThrow()
    },
    timeoutMs,
  )

  it(
    'is refused with errors of two calls that cancel',
    async () => {
      const run = honest.copy()
      run.add('arithmetic256', 'carry1.low', 3, 1).add('arithmetic256', 'carry1.low', callRows + 3, -1)
      const proof = await proofOf(run.settle())
      const refusal = (): void => verify(key.provingKey.verifyingKey, run.publicValues, proof)
      expect(refusal).toThrow(InvalidProofError)
      expect(refusal).toThrow(expect.objectContaining({ check: 'constraints' }))
    },
    timeoutMs,
  )
})
