import fc from 'fast-check'
import secp256k1 from 'secp256k1'
import { describe, expect, test } from 'vitest'
import { bytesToBigint, keccak256 } from '../../../core/index.ts'
import { loadProgram } from '../elf.ts'
import { MachineFaultError } from '../errors.ts'
import { Machine } from '../machine.ts'
import { runProgram } from '../run-program.ts'
import { assemble, dataBase } from '../testing/make-elf.ts'
import type { SystemCall } from '../trace.ts'
import { integerToWords, wordsToInteger } from './integers.ts'

const p = 2n ** 256n - 2n ** 32n - 977n
const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const lambda = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n

const number256 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.constantFrom(0n, 1n, 2n ** 256n - 1n, 2n ** 255n, 2n ** 128n, p, p - 1n, n, n - 1n),
)
const scalar = fc.bigInt({ min: 1n, max: n - 1n })

interface CallResult {
  readonly call: SystemCall
  readonly machine: Machine
  /** Words of the data segment after the call. */
  words(offset: number, length: number): Int32Array
}

/** One call with operands at byte offsets of the data segment; arguments that are offsets become addresses. */
function call(number: number, offsets: readonly number[], operands: Readonly<Record<number, Int32Array>>): CallResult {
  const program = loadProgram(
    assemble((assembler) => {
      offsets.forEach((offset, index) => {
        assembler.li(10 + index, dataBase + offset)
      })
      assembler.ecall(number).halt()
    }),
  )
  const machine = new Machine({ program })
  for (const [offset, words] of Object.entries(operands)) machine.memory.words.set(words, (dataBase + Number(offset)) / 4)
  let seen: SystemCall | undefined
  machine.runObserved(100, (step) => {
    if (step.call?.number === number) seen = step.call
  })
  if (seen === undefined) throw new Error('the call was not made')
  const words = (offset: number, length: number) => machine.memory.words.slice((dataBase + offset) / 4, (dataBase + offset) / 4 + length)
  return { call: seen, machine, words }
}

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof MachineFaultError && error.kind === 'system-function') return error.message
    throw error
  }
  return 'no refusal'
}

function words256(...values: readonly bigint[]): Int32Array {
  return Int32Array.from(values.flatMap((value) => [...integerToWords(value, 8)]))
}

function pointOf(privateKey: bigint): Int32Array {
  return fromPublicKey(secp256k1.publicKeyCreate(toBytes(privateKey), false))
}

function toBytes(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}

function fromPublicKey(key: Uint8Array): Int32Array {
  return words256(bytesToBigint(key.subarray(1, 33)), bytesToBigint(key.subarray(33, 65)))
}

function toPublicKey(point: Int32Array): Uint8Array {
  return Uint8Array.of(4, ...toBytes(wordsToInteger(point.subarray(0, 8))), ...toBytes(wordsToInteger(point.subarray(8, 16))))
}

describe('keccak', () => {
  const RATE = 136

  function pad(message: Uint8Array): Uint8Array {
    const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE)
    padded.set(message)
    padded[message.length] = 1
    padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80
    return padded
  }

  test('absorbing padded blocks gives keccak256', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * RATE }), (message) => {
        const padded = pad(message)
        let state: Int32Array<ArrayBuffer> = new Int32Array(50)
        for (let at = 0; at < padded.length; at += RATE) {
          const block = new Int32Array(padded.slice(at, at + RATE).buffer)
          state = Int32Array.from(call(17, [0, 256], { 0: state, 256: block }).words(0, 50))
        }
        expect(new Uint8Array(state.buffer).slice(0, 32)).toEqual(keccak256(message))
      }),
      { numRuns: 40 },
    )
  })

  test('xor and the permutation in place are the same as absorbing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 50, maxLength: 50 }),
        fc.array(fc.integer(), { minLength: 34, maxLength: 34 }),
        (a, b) => {
          const state = Int32Array.from(a)
          const block = Int32Array.from(b)
          const mixed = state.map((word, index) => word ^ (block[index] ?? 0))
          expect(call(16, [0], { 0: mixed }).words(0, 50)).toEqual(call(17, [0, 256], { 0: state, 256: block }).words(0, 50))
        },
      ),
      { numRuns: 20 },
    )
  })

  test('a block inside the state is read before the state changes', () => {
    const state = Int32Array.from({ length: 50 }, (_, index) => index * 0x01234567)
    const apart = call(17, [0, 256], { 0: state, 256: state.slice(0, 34) }).words(0, 50)
    expect(call(17, [0, 0], { 0: state }).words(0, 50)).toEqual(apart)
  })

  test('is one access to the state in the trace', () => {
    const state = Int32Array.from({ length: 50 }, (_, index) => index)
    const { call: seen, words } = call(16, [8], { 8: state })
    expect(seen).toEqual({
      number: 16,
      arguments: [dataBase + 8],
      accesses: [{ address: dataBase + 8, before: state, after: words(8, 50) }],
      answer: undefined,
    })
  })
})

describe('256-bit arithmetic', () => {
  test('muladd256 gives all 512 bits', () => {
    fc.assert(
      fc.property(number256, number256, number256, (a, b, c) => {
        const { words, call: seen } = call(32, [96, 0, 32, 64], { 0: words256(a, b, c) })
        expect(wordsToInteger(words(96, 16))).toBe(a * b + c)
        expect(seen.accesses.map(({ address, before }) => [address - dataBase, before.length])).toEqual([
          [0, 8],
          [32, 8],
          [64, 8],
          [96, 16],
        ])
      }),
      { numRuns: 60 },
    )
  })

  test('mulmod256 reduces operands of any size', () => {
    fc.assert(
      fc.property(number256, number256, number256, (a, b, m) => {
        fc.pre(m > 0n)
        expect(wordsToInteger(call(33, [96, 0, 32, 64], { 0: words256(a, b, m) }).words(96, 8))).toBe((a * b) % m)
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [0, 0, 0],
    [0, 32, 32],
    [4, 0, 32],
    [28, 0, 16],
  ])('the result may lie at %i over operands at %i and %i', (out, a, b) => {
    const data = Int32Array.from({ length: 32 }, (_, index) => 0x9e3779b1 * (index + 1))
    const at = (offset: number) => wordsToInteger(data.slice(offset / 4, offset / 4 + 8))
    const [x, y, z] = [at(a), at(b), at(64)]
    expect(wordsToInteger(call(33, [out, a, b, 64], { 0: data }).words(out, 8))).toBe((x * y) % z)
    expect(wordsToInteger(call(32, [out, a, b, 64], { 0: data }).words(out, 16))).toBe(x * y + z)
  })

  test('a modulus of 0 is refused and changes nothing', () => {
    expect(refusalOf(() => call(33, [96, 0, 32, 64], { 0: words256(5n, 6n, 0n, 9n) }))).toMatch(/mulmod256: the modulus is 0/)
  })
})

describe('secp256k1', () => {
  test('addition agrees with libsecp256k1', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        fc.pre(a !== b && a + b !== n)
        const [left, right] = [pointOf(a), pointOf(b)]
        const sum = secp256k1.publicKeyCombine([toPublicKey(left), toPublicKey(right)], false)
        const result = call(48, [0, 64], { 0: left, 64: right })
        expect(result.words(0, 16)).toEqual(fromPublicKey(sum))
        expect(result.words(64, 16)).toEqual(right)
      }),
      { numRuns: 40 },
    )
  })

  test('doubling agrees with libsecp256k1', () => {
    fc.assert(
      fc.property(scalar, (a) => {
        const point = pointOf(a)
        const doubled = secp256k1.publicKeyTweakMul(toPublicKey(point), toBytes(2n), false)
        expect(call(49, [0], { 0: point }).words(0, 16)).toEqual(fromPublicKey(doubled))
      }),
      { numRuns: 40 },
    )
  })

  const g = pointOf(1n)
  const oppositeOfG = words256(wordsToInteger(g.subarray(0, 8)), p - wordsToInteger(g.subarray(8, 16)))
  test.each<[string, RegExp, number, Int32Array, Int32Array]>([
    ['equal points', /same x coordinate/, 48, g, g],
    ['opposite points', /same x coordinate/, 48, g, oppositeOfG],
    ['x = p', /not below the field's prime/, 48, g, words256(p, 1n)],
    ['y = p in the first point', /not below the field's prime/, 48, words256(1n, p), g],
    ['an unreduced copy of the same x', /not below the field's prime/, 48, words256(1n, 2n), words256(p + 1n, 2n)],
    ['doubling y = 0', /y coordinate is 0/, 49, words256(5n, 0n), g],
    ['doubling y = p', /not below the field's prime/, 49, words256(5n, p), g],
  ])('%s is refused', (_name, what, number, left, right) => {
    expect(refusalOf(() => call(number, [0, 64], { 0: left, 64: right }))).toMatch(what)
  })
})

describe('hints', () => {
  function hint(kind: number, x: bigint, m: bigint, count: number): Int32Array {
    const elf = assemble(
      (program) => {
        program
          .li(10, kind)
          .li(11, dataBase)
          .li(12, dataBase + 32)
          .ecall(2)
          .li(5, dataBase + 64)
        for (let index = 0; index < count; index++) program.ecall(3).emit('sw', { rs1: 5, rs2: 10, imm: 4 * index })
        program.halt()
      },
      new Uint8Array(words256(x, m).buffer),
    )
    const machine = new Machine({ program: loadProgram(elf) })
    machine.run(1000)
    expect(machine.exitCode).toBe(0)
    return machine.memory.words.slice((dataBase + 64) / 4, (dataBase + 64) / 4 + count)
  }

  test('inverse', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }), fc.constantFrom(p, n), (x, m) => {
        fc.pre(x % m !== 0n)
        expect((wordsToInteger(hint(1, x, m, 8)) * x) % m).toBe(1n)
      }),
      { numRuns: 30 },
    )
    expect(wordsToInteger(hint(1, 6n, 9n, 8))).toBe(0n)
    expect(wordsToInteger(hint(1, 0n, p, 8))).toBe(0n)
    expect(wordsToInteger(hint(1, 5n, 0n, 8))).toBe(0n)
    expect(wordsToInteger(hint(1, 5n, 1n, 8))).toBe(0n)
  })

  test('square root', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: p - 1n }), (y) => {
        const root = wordsToInteger(hint(2, (y * y) % p, p, 8))
        expect([root === y || root === p - y, root % 2n]).toEqual([true, 0n])
        // −1 is no square modulo a prime ≡ 3 mod 4.
        expect(wordsToInteger(hint(2, p - ((y * y) % p), p, 8))).toBe(0n)
      }),
      { numRuns: 15 },
    )
    expect(wordsToInteger(hint(2, 4n, 13n, 8))).toBe(0n)
  })

  test('quotient and remainder', () => {
    fc.assert(
      fc.property(number256, number256, (x, m) => {
        const words = hint(3, x, m, 16)
        const [q, r] = [wordsToInteger(words.subarray(0, 8)), wordsToInteger(words.subarray(8))]
        expect([q, r]).toEqual(m === 0n ? [0n, 0n] : [x / m, x % m])
      }),
      { numRuns: 40 },
    )
  })

  test('a split scalar is short', () => {
    fc.assert(
      fc.property(fc.oneof(scalar, fc.constantFrom(0n, 1n, lambda, n - 1n, n - lambda)), (k) => {
        const words = hint(4, k, 0n, 17)
        const signs = words[16] ?? 0
        const [a, b] = [wordsToInteger(words.subarray(0, 8)), wordsToInteger(words.subarray(8, 16))]
        expect(a < 2n ** 129n && b < 2n ** 129n).toBe(true)
        const sum = (signs & 1 ? -a : a) + (signs & 2 ? -b : b) * lambda - k
        expect(sum % n).toBe(0n)
      }),
      { numRuns: 60 },
    )
  })

  test('an unknown kind, a bad pointer and an empty queue give 0 and no fault', () => {
    expect([...hint(99, 1n, 1n, 2)]).toEqual([0, 0])
    expect([...hint(3, 7n, 2n, 17)].at(-1)).toBe(0)
    const elf = assemble((program) => program.li(10, 1).li(11, 4).li(12, -4).ecall(2).ecall(3).ecall(93))
    expect(runProgram({ elf, maxCycles: 100 }).exitCode).toBe(0)
  })
})

describe('output', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index)

  test('commit publishes 32 bytes', () => {
    const elf = assemble((program) => program.li(10, dataBase).ecall(1).halt(5), bytes)
    expect(runProgram({ elf, maxCycles: 100 })).toMatchObject({ exitCode: 5, output: bytes, syscallCounts: { commit: 1, halt: 1 } })
  })

  test('a second commit is refused, even of the same bytes', () => {
    const elf = assemble((program) => program.li(10, dataBase).ecall(1).ecall(1).halt(), bytes)
    expect(refusalOf(() => runProgram({ elf, maxCycles: 100 }))).toMatch(/commit: the program has committed its output before/)
  })

  test('log shows what lies in RAM and is silent about the rest', () => {
    const seen: string[] = []
    const elf = assemble(
      (program) => {
        program
          .li(11, dataBase + 1)
          .li(12, 4)
          .ecall(64)
        program.li(11, addressBelowEnd).li(12, 100).ecall(64)
        program.halt()
      },
      new Uint8Array(Buffer.from(' hello')),
    )
    runProgram({ elf, maxCycles: 100, onLog: (text) => seen.push(Buffer.from(text).toString()) })
    expect(seen).toEqual(['hell'])
  })
})

const addressBelowEnd = 0x30000000 - 50

describe('pointers', () => {
  const lengths: readonly [number, number, number][] = [
    [1, 0, 32],
    [16, 0, 200],
    [17, 0, 200],
    [17, 1, 136],
    [32, 0, 64],
    [32, 1, 32],
    [32, 2, 32],
    [32, 3, 32],
    [33, 0, 32],
    [33, 1, 32],
    [33, 2, 32],
    [33, 3, 32],
    [48, 0, 64],
    [48, 1, 64],
    [49, 0, 64],
  ]

  function run(number: number, which: number, address: number): Machine {
    const elf = assemble(
      (program) => {
        for (let index = 0; index < 4; index++) program.li(10 + index, index === which ? address : dataBase + 512 * index)
        program.ecall(number).halt()
      },
      Uint8Array.from({ length: 2048 }, (_, index) => index * index * 13 + (index >> 8)),
    )
    const machine = new Machine({ program: loadProgram(elf) })
    // Not zero, which a modulus must not be.
    machine.memory.bytes.fill(3, 0x30000000 - 256)
    machine.run(100)
    return machine
  }

  test.each(lengths)('function %i, argument %i: misaligned and outside RAM are refused', (number, which, length) => {
    expect(refusalOf(() => run(number, which, dataBase + 2))).toMatch(/is not 4-byte aligned/)
    for (const address of [0, 0xfffc, 0x30000000 - length + 4, 0x30000000, 0xfffffffc]) {
      expect(refusalOf(() => run(number, which, address))).toMatch(/are outside RAM/)
    }
  })

  test.each(lengths.filter(([number]) => number < 48))(
    'function %i, argument %i: the last bytes of RAM are taken',
    (number, which, length) => {
      expect(run(number, which, 0x30000000 - length).exitCode).toBe(0)
    },
  )
})
