import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import { isCompilerInstalled } from '../../guest/examples/compile.ts'
import { runProgram } from './run-program.ts'
import { loopProgram, type ProgramName, readProgram } from './testing/build-programs.ts'

function wordBytes(...words: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(words).buffer)
}

function run(name: ProgramName, input: Uint8Array) {
  return runProgram({ elf: readProgram(name), input, maxCycles: 20_000_000 })
}

describe('compiled programs', () => {
  test('absorb each block of what they hash by one system call', () => {
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

  test('runs are deterministic, and the same when they are observed', () => {
    const input = wordBytes(...Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009))
    const options = { elf: readProgram('sorting'), input, maxCycles: 1_000_000 }
    const result = runProgram(options)
    let steps = 0
    const observed = runProgram({
      ...options,
      profileTop: 10,
      trace: () => {
        steps += 1
      },
    })
    expect(runProgram(options)).toEqual(result)
    expect({ ...observed, profile: [] }).toEqual(result)
    expect(steps).toBe(result.cycles)
    expect(observed.profile.map(({ symbol }) => symbol)).toContain('program')
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

test.runIf(isCompilerInstalled())('the committed ELF file of the bench is what its source builds', () => {
  expect(loopProgram.build().equals(readProgram('loop'))).toBe(true)
})
