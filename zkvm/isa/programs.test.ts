import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, keccak256 } from '../../core/index.ts'
import { runProgram } from './run-program.ts'
import { integerToWords } from './system/integers.ts'
import { buildProgram, isCompilerInstalled, type ProgramName, programNames, readProgram } from './testing/build-programs.ts'

function wordBytes(...words: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(words).buffer)
}

function run(name: ProgramName, input: Uint8Array) {
  return runProgram({ elf: readProgram(name), input, maxCycles: 20_000_000 })
}

describe('compiled programs give the right output', () => {
  test.each([0, 1, 2, 10, 1000])('fibonacci of %i', (n) => {
    let [current, next] = [0n, 1n]
    for (let i = 0; i < n; i++) [current, next] = [next, (current + next) % 2n ** 256n]
    const expected = new Uint8Array(integerToWords(current, 8).buffer)
    expect(run('fibonacci', wordBytes(n))).toMatchObject({ exitCode: n, output: expected })
  })

  test('fibonacci of no input fails by its exit code', () => {
    expect(run('fibonacci', new Uint8Array(0))).toMatchObject({ exitCode: 0xffffffff, output: null })
  })

  test('keccak256 of any input', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 600 }),
          fc.constantFrom(135, 136, 137, 272).map((n) => new Uint8Array(n).fill(7)),
        ),
        (input) => {
          const { output, syscallCounts } = run('keccak', input)
          expect(output).toEqual(keccak256(input))
          expect(syscallCounts).toEqual({ keccak_absorb: Math.floor(input.length / 136) + 1, commit: 1, halt: 1 })
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a sorted list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b)
        const sum = sorted.reduce((total, value, index) => (total + Math.imul(value, index + 1)) >>> 0, 0)
        const expected = [values.length, sorted[0] ?? 0, sorted.at(-1) ?? 0, sum, sum % values.length]
        const { output } = run('sorting', concatBytes(...values.map((value) => wordBytes(value))))
        expect(output).toEqual(concatBytes(wordBytes(...expected), new Uint8Array(12)))
      }),
      { numRuns: 30 },
    )
  })

  test('runs are deterministic, and the same when they are observed', () => {
    const input = wordBytes(...Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009))
    const options = { elf: readProgram('sorting'), input, maxCycles: 1_000_000 }
    const result = runProgram(options)
    let steps = 0
    const observed = runProgram({
      ...options,
      profileTop: 2,
      trace: () => {
        steps += 1
      },
    })
    expect(runProgram(options)).toEqual(result)
    expect({ ...observed, profile: [] }).toEqual(result)
    expect(steps).toBe(result.cycles)
    expect(observed.profile[0]?.symbol).toBe('program')
    expect(observed.profile.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(result.cycles)
  })
})

test('replaying the trace of a program on plain registers and memory never disagrees with it', () => {
  const elf = readProgram('sorting')
  const memory = new Map<number, number>()
  let previousPc: number | undefined
  runProgram({
    elf,
    input: wordBytes(5, 3, 9, -2, 7),
    maxCycles: 100_000,
    trace: ({ pc, nextPc, memoryAddress, memoryBefore, memoryAfter, call }) => {
      if (previousPc !== undefined) expect(pc).toBe(previousPc)
      previousPc = nextPc
      const accesses = call === undefined ? [] : call.accesses.flatMap(({ address, before, after }) => zip(address, before, after))
      if (memoryAddress >= 0) accesses.push([memoryAddress, memoryBefore, memoryAfter])
      for (const [address, before, after] of accesses) {
        expect(memory.get(address) ?? before).toBe(before)
        memory.set(address, after)
      }
    },
  })
  expect(memory.size).toBeGreaterThan(10)
})

function zip(address: number, before: Int32Array, after: Int32Array): [number, number, number][] {
  return [...before].map((word, index) => [address + 4 * index, word, after[index] ?? 0])
}

describe.runIf(isCompilerInstalled())('the committed ELF files', () => {
  test.each(programNames)('%s is what its source builds', (name) => {
    expect(buildProgram(name).equals(readProgram(name))).toBe(true)
  })
})
