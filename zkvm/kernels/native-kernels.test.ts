import { describe, expect, it } from 'vitest'
import * as base from '../field/goldilocks.ts'
import type { KernelKind, Kernels, ProgramRun } from './kernels.ts'
import { availableKernels, createKernels } from './load.ts'

const available = availableKernels()

describe.each<KernelKind>(['scalar', 'avx2', 'avx512'])('native kernels %s', (kind) => {
  if (!available.includes(kind)) {
    it.skip(`are not for this computer, which can run ${available.join(', ')}`, () => {})
    return
  }
  const kernels = createKernels(kind)

  it.each<[string, () => void]>([
    ['an array of another length', () => kernels.evaluate(new BigUint64Array(8), new BigUint64Array(4), 7n)],
    ['a length that is no power of two', () => openZeros(kernels, 1, 6)],
    ['no array', () => kernels.interpolate([1n, 2n] as unknown as BigUint64Array, new BigUint64Array(2), 1n)],
    ['an array of other numbers', () => kernels.hashPairs(new BigUint64Array(4), new BigInt64Array(8) as unknown as BigUint64Array)],
    ['a number that is no element', () => kernels.evaluate(new BigUint64Array(8), new BigUint64Array(8), base.modulus)],
    [
      'rows past the end',
      () => kernels.hashRows(new BigUint64Array(16), new BigUint64Array(11), { width: 3, stride: 4, count: 4, levels: 0 }),
    ],
    [
      'rows before the beginning',
      () => kernels.hashRows(new BigUint64Array(16), new BigUint64Array(12), { width: 3, stride: -4, count: 4, levels: 0 }),
    ],
    [
      'rows beyond 2^64 bytes',
      () => kernels.hashRows(new BigUint64Array(16), new BigUint64Array(12), { width: 2 ** 31, stride: 2 ** 33, count: 4, levels: 0 }),
    ],
    ['half a row', () => kernels.hashRows(new BigUint64Array(16), new BigUint64Array(12), { width: 3, stride: 4, count: 3.5, levels: 0 })],
    [
      'no room for digests',
      () => kernels.hashRows(new BigUint64Array(15), new BigUint64Array(12), { width: 3, stride: 4, count: 4, levels: 0 }),
    ],
    [
      'too many levels',
      () => kernels.hashRows(new BigUint64Array(16), new BigUint64Array(12), { width: 3, stride: 4, count: 4, levels: 3 }),
    ],
    ['groups past the end', () => kernels.hashGroups(new BigUint64Array(8), new BigUint64Array(47), { stride: 16, group: 8, count: 2 })],
    ['children that are missing', () => kernels.hashPairs(new BigUint64Array(8), new BigUint64Array(15))],
    ['all bits of a digest', () => kernels.grind(new BigUint64Array(4), 64, 0n, 1n)],
    ['half a digest', () => kernels.grind(new BigUint64Array(3), 8, 0n, 1n)],
    ['a point without its third word', () => kernels.evaluateAt(new BigUint64Array(3), new BigUint64Array(8), new BigUint64Array(2))],
    ['values without a place', () => kernels.evaluateAt(new BigUint64Array(3), new BigUint64Array(8), new BigUint64Array(6))],
    ['positions without points', () => openZeros(kernels, 2)],
    ['a column beyond the sum', () => scaleZeros(kernels, 8)],
    ['a step of no division', () => kernels.addQuotients(new BigUint64Array(24), new BigUint64Array(24), 0, [division])],
    ['a step that does not divide', () => kernels.addQuotients(new BigUint64Array(24), new BigUint64Array(24), 3, [division])],
    ['a dividend that is too short', () => kernels.addQuotients(new BigUint64Array(24), new BigUint64Array(23), 2, [division])],
    ['a fold by nothing', () => kernels.fold(new BigUint64Array(24), new BigUint64Array(24), 0, [1n, 0n, 0n])],
    ['a fold into too little', () => kernels.fold(new BigUint64Array(11), new BigUint64Array(24), 2, [1n, 0n, 0n])],
    ['a challenge of two words', () => kernels.fold(new BigUint64Array(12), new BigUint64Array(24), 2, [1n, 0n])],
    ['two arrays for a sum', () => kernels.sum(new BigUint64Array(3), new BigUint64Array(8))],
    [
      'a period that is not whole',
      () => kernels.addPeriodic({ words: new BigUint64Array(24), stride: 8 }, 8, { words: new BigUint64Array(24), stride: 8 }, 3, 1n),
    ],
    [
      'a table past the end',
      () => kernels.addPeriodic({ words: new BigUint64Array(24), stride: 8 }, 8, { words: new BigUint64Array(23), stride: 8 }, 8, 1n),
    ],
    ['a second half that is shorter', () => kernels.joinRemainders(new BigUint64Array(8), new BigUint64Array(7), 3n)],
    [
      'packed columns that are too long',
      () => kernels.evaluatePacked(new BigUint64Array(16), [{ coefficients: new BigUint64Array(9), place: 0 }], 2, 7n),
    ],
    ['an instruction that is none', () => runCode(kernels, [23, 1, 0, 0, 0])],
    ['half an instruction', () => runCode(kernels, [0, 1, 0])],
    ['a slot that is none', () => runCode(kernels, [0, 1, 0, 3, 0])],
    ['a slot of which two coordinates are missing', () => runCode(kernels, [15, 1, 2, 0, 0])],
    ['a register that is a column', () => runCode(kernels, [0, 0, 0, 0, 0])],
    ['a register that is none', () => runCode(kernels, [0, 3, 0, 0, 0])],
    ['a constant that is none', () => runCode(kernels, [3, 1, 0, 0, 1])],
    ['an output that is none', () => runCode(kernels, [21, 1, 0, 0, 0])],
    ['outputs past the end', () => runCode(kernels, [21, 0, 0, 0, 0], { outputs: { words: new BigUint64Array(11), stride: 4 } })],
    ['a result past the end', () => runCode(kernels, [0, 1, 0, 0, 0], { result: { words: new BigUint64Array(12), stride: 5 } })],
    ['a column past the end', () => runCode(kernels, [0, 1, 0, 0, 0], { sources: [{ ...zeros, from: 1 }] })],
    ['a period that is no power of two', () => runCode(kernels, [0, 1, 0, 0, 0], { sources: [{ ...zeros, period: 3 }] })],
  ])('refuses %s', (_, work) => {
    expect(work).toThrow(expect.objectContaining({ name: 'RangeError', code: 'KERNEL_ARGUMENTS' }))
  })
})

const division = { point: [2n, 0n, 0n], weight: [1n, 0n, 0n] }
const zeros = { words: new BigUint64Array(4), from: 0, offset: 0, period: 4 }

/** Opens a column of so many coefficients at one point too few for so many positions. */
function openZeros(kernels: Kernels, positions: number, coefficients = 8): void {
  const points = new BigUint64Array(positions === 1 ? 1 : positions - 1)
  const queries = { positions: new Uint32Array(positions), points, near: 1, eighths: new BigUint64Array(8) }
  kernels.openColumn(new BigUint64Array(positions), new BigUint64Array(coefficients), queries)
}

/** Adds so many coefficients to a sum that is one short of them. */
function scaleZeros(kernels: Kernels, count: number): void {
  const term = { coefficients: new BigUint64Array(count), place: 0, factor: [1n, 0n, 0n] }
  kernels.addScaled({ words: new BigUint64Array(3 * count - 1), stride: count }, 1, [term])
}

/** Runs a program of one column, two registers, one constant and one output over four rows. */
function runCode(kernels: Kernels, code: readonly number[], other: Partial<ProgramRun> = {}): void {
  const program = { code: Uint32Array.from(code), columns: [], columnSlots: 1, registers: 2, constants: new BigUint64Array(3), outputs: 1 }
  kernels.runProgram({ program, sources: [zeros], from: 0, count: 4, ...other })
}
