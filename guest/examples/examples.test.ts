import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it, test } from 'vitest'
import { keccak256 } from '../../core/index.ts'
import { type RunResult, runProgram } from '../../zkvm/index.ts'
import { compileProgram, isCompilerInstalled } from './compile.ts'
import { classify, networkBytes } from './digits/network.ts'
import { createRandom, digits, drawDigit, pixelsOf } from './digits/pictures.ts'
import { digitNetwork } from './digits/train.ts'
import { type ExampleName, exampleNames, exampleSources, readExample } from './programs.ts'

function run(name: ExampleName, input: Uint8Array): RunResult {
  return runProgram({ elf: readExample(name), input, maxCycles: 20_000_000 })
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer)
}

/** n and fib(n) modulo 2^256, as the program gives them. */
function fibonacci(n: number): { readonly exitCode: number; readonly output: Uint8Array } {
  let [current, next] = [0n, 1n]
  for (let i = 0; i < n; i++) [current, next] = [next, (current + next) % 2n ** 256n]
  return { exitCode: n, output: Uint8Array.from({ length: 32 }, (_, index) => Number((current >> BigInt(8 * index)) & 0xffn)) }
}

const refused = { exitCode: 1, output: null }

describe('fibonacci', () => {
  test.each([0, 1, 2, 10, 1000])('of %i', (n) => {
    expect(run('fibonacci', words(n))).toMatchObject(fibonacci(n))
  })

  it('fails by its exit code without a number', () => {
    expect(run('fibonacci', new Uint8Array())).toMatchObject({ exitCode: 0xffff_ffff, output: null })
  })
})

describe.each(['keccak', 'keccak-in-c'] as const)('%s', (name) => {
  it('gives the hash of any input', () => {
    const blockEdges = [0, 135, 136, 137, 271, 272].map((length) => new Uint8Array(length).fill(7))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(...blockEdges)), (input) => {
        expect(run(name, input)).toMatchObject({ exitCode: 0, output: keccak256(input) })
      }),
      { numRuns: 30 },
    )
  })
})

describe('sorting', () => {
  it('gives the hash of the sorted numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 100 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b)
        expect(run('sorting', words(...values))).toMatchObject({ exitCode: 0, output: keccak256(words(...sorted)) })
      }),
      { numRuns: 30 },
    )
  })

  it.each([1, 3, 4 * 2 ** 20 + 4])('refuses %i bytes', (length) => {
    expect(run('sorting', new Uint8Array(length))).toMatchObject(refused)
  })
})

describe('digits', () => {
  const network = digitNetwork()
  const picture = readFileSync(join(import.meta.dirname, 'seven.txt'), 'utf8')

  it('reads the seven that is committed', () => {
    expect(run('digits', Buffer.from(picture)).output?.[0]).toBe(7)
  })

  it('answers as the network does on paper, with the hash of its weights', () => {
    const random = createRandom(2)
    const weightsHash = keccak256(networkBytes(network)).subarray(0, 31)
    for (let count = 0; count < 20; count++) {
      const drawing = drawDigit(count % digits, random)
      const expected = Uint8Array.of(classify(network, pixelsOf(drawing)), ...weightsHash)
      expect(run('digits', Buffer.from(drawing))).toMatchObject({ exitCode: 0, output: expected })
    }
  })

  it('reads 98 of 100 digits that it has not seen', () => {
    const random = createRandom(3)
    let right = 0
    for (let count = 0; count < 2000; count++) {
      if (classify(network, pixelsOf(drawDigit(count % digits, random))) === count % digits) right += 1
    }
    expect(right).toBeGreaterThan(1960)
  })

  it.each([
    ['nothing', ''],
    ['a line less', picture.slice(9)],
    ['a byte more', `${picture} `],
    ['another character', picture.replace('#', 'x')],
    ['another end of line', picture.replace('\n', '#')],
  ])('refuses %s', (_, input) => {
    expect(run('digits', Buffer.from(input))).toMatchObject(refused)
  })
})

describe.runIf(isCompilerInstalled())('the program in README.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zkvm-readme-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'factors.c')

  it('proves factors of what becomes public', () => {
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
    writeFileSync(file, /```c\n(?<source>[\s\S]*?)```/.exec(readme)?.groups?.source ?? '')
    const elf = compileProgram({ file, keccak: 'machine' })
    const product = new Uint8Array(32)
    product[0] = 77
    expect(runProgram({ elf, input: words(7, 11), maxCycles: 1000 })).toMatchObject({ exitCode: 0, output: product })
    expect(runProgram({ elf, input: words(1, 77), maxCycles: 1000 })).toMatchObject({ exitCode: 2, output: null })
    expect(runProgram({ elf, input: words(7), maxCycles: 1000 })).toMatchObject({ exitCode: 1, output: null })
  })
})

describe.runIf(isCompilerInstalled())('the committed ELF files', () => {
  test.each(exampleNames)('%s is what its source builds', (name) => {
    expect(compileProgram(exampleSources[name]).equals(readExample(name))).toBe(true)
  })
})
