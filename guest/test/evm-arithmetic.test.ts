import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bigintToBytes, bytesToBigint, keccak256 } from '../../core/index.ts'
import { buildTestDriver, compilerNeeded, hasCompiler } from '../build.ts'

const modulus = 1n << 256n
const mask = modulus - 1n
const signed = (x: bigint) => BigInt.asIntN(256, x)
const unsigned = (x: bigint) => BigInt.asUintN(256, x)
const order = (a: bigint, b: bigint) => (a < b ? 0n : a > b ? 2n : 1n)

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) & mask
    factor = (factor * factor) & mask
  }
  return result
}

/** By the driver's number of the operation; the Yellow Paper's definitions. */
const operations: readonly (readonly [name: string, (a: bigint, b: bigint, c: bigint) => bigint])[] = [
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
  ['div', (a, b) => (b === 0n ? 0n : a / b)],
  ['mod', (a, b) => (b === 0n ? 0n : a % b)],
  ['signed div', (a, b) => (b === 0n ? 0n : signed(a) / signed(b))],
  ['signed mod', (a, b) => (b === 0n ? 0n : signed(a) % signed(b))],
  ['add mod', (a, b, c) => (c === 0n ? 0n : (a + b) % c)],
  ['mul mod', (a, b, c) => (c === 0n ? 0n : (a * b) % c)],
  ['exp', power],
  ['sign extend', (a, b) => (a > 30n ? b : BigInt.asIntN(8 * (Number(a) + 1), b))],
  ['byte', (a, b) => (a > 31n ? 0n : (b >> (8n * (31n - a))) & 255n)],
  ['shift left', (a, b) => (a > 255n ? 0n : b << a)],
  ['shift right', (a, b) => (a > 255n ? 0n : b >> a)],
  ['signed shift right', (a, b) => signed(b) >> (a > 255n ? 256n : a)],
  ['bit length', (a) => (a === 0n ? 0n : BigInt(a.toString(2).length))],
  ['compare', order],
  ['signed compare', (a, b) => order(signed(a), signed(b))],
  ['mul overflow', (a, b) => (a * b > mask ? 1n : 0n)],
  ['carry', (a, b) => (a + b > mask ? 1n : 0n)],
  ['borrow', (a, b) => (a < b ? 1n : 0n)],
  ['saturation to 64 bits', (a) => (a >> 64n > 0n ? (1n << 64n) - 1n : a)],
]

// Where carries, signs and estimates of quotient digits go wrong: few significant limbs, runs of ones and zeros, near powers of two.
const limb = fc.oneof(
  fc.constantFrom(0n, 1n, 0x7fffffffn, 0x80000000n, 0xffff0000n, 0xffffn, 0xfffffffen, 0xffffffffn),
  fc.bigInt(0n, 0xffffffffn),
)
const limbs = fc.array(limb, { maxLength: 8 }).map((list) => list.reduce((value, next) => (value << 32n) | next, 0n))
const nearPower = fc
  .tuple(fc.integer({ min: 0, max: 256 }), fc.bigInt(-3n, 3n))
  .map(([bit, delta]) => unsigned((1n << BigInt(bit)) + delta))
const operand = fc.oneof(limbs, nearPower, fc.bigInt(0n, 300n), fc.bigInt(0n, mask))

function ask(driver: string, questions: Uint8Array): Uint8Array {
  const { status, stdout, stderr } = spawnSync(driver, { input: questions, maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`The driver ended with ${status}: ${stderr}`)
  return stdout
}

describe.skipIf(!hasCompiler())(`the guest's arithmetic${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  let driver: string
  beforeAll(() => {
    driver = buildTestDriver('evm-arithmetic')
  }, 120_000)

  it.each(operations.map(([name], index) => ({ name, index })))('agrees with bigint on $name', ({ index }) => {
    const reference = operations[index]?.[1]
    if (reference === undefined) throw new Error('no such operation')
    const cases = fc.sample(fc.tuple(operand, operand, operand), { numRuns: 3000 })
    const answers = ask(
      driver,
      Buffer.concat(cases.map((numbers) => Buffer.from([index, ...numbers.flatMap((x) => [...bigintToBytes(x, 32)])]))),
    )
    expect(answers.length).toBe(32 * cases.length)
    for (const [i, [a, b, c]] of cases.entries())
      expect([a, b, c, bytesToBigint(answers.subarray(32 * i, 32 * i + 32))]).toEqual([a, b, c, unsigned(reference(a, b, c))])
  })

  it.each([
    ['where it is aligned', 0x80],
    ['from an odd address', 0x81],
  ])('hashes by keccak256 %s', (_, operation) => {
    const inputs = Array.from({ length: 420 }, (_unused, length) => Uint8Array.from({ length }, (_byte, i) => (i * 7 + length) & 255))
    const header = (length: number) => [operation, length & 255, length >> 8, 0, 0]
    const answers = ask(driver, Buffer.concat(inputs.map((input) => Buffer.from([...header(input.length), ...input]))))
    for (const [i, input] of inputs.entries())
      expect(Buffer.from(answers.subarray(32 * i, 32 * i + 32))).toEqual(Buffer.from(keccak256(input)))
  })
})
