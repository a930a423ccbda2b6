import { readFileSync } from 'node:fs'
import { SigningKey } from 'ethers'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchDigest, encodeProverInput, hexToBytes } from '../../core/index.ts'
import { buildBatch } from '../../prover/testing/batch-fixture.ts'
import { violations } from '../../zkvm/air/check.ts'
import { proveProgram, verifyProgram } from '../../zkvm/index.ts'
import { loadProgram } from '../../zkvm/isa/elf.ts'
import { machineTableNames, machineTables } from '../../zkvm/tables/machine/machine-air.ts'
import { MachineProgram } from '../../zkvm/tables/machine/machine-program.ts'
import { RunPlan } from '../../zkvm/tables/machine/run-plan.ts'
import { isThorough } from '../../zkvm/testing/effort.ts'
import { buildMachineDriver, compilerNeeded, hasCompiler } from '../build.ts'
import { guestProgram } from '../index.ts'
import { askLibrary, encodeCalls, join, type PrecompileCall, word } from './precompile-calls.ts'
import { runDriverInMachine } from './run.ts'

const prime = 2n ** 256n - 2n ** 32n - 977n
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const beta = 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een
const generatorX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n
const hash = 0x1234_5678_9abc_def0n

const signature = new SigningKey(word(77n)).sign(word(hash))
const [r, s, v] = [BigInt(signature.r), BigInt(signature.s), BigInt(signature.v)]

const powerOf = (base: bigint, exponent: bigint): bigint =>
  exponent === 0n ? 1n : (powerOf((base * base) % prime, exponent / 2n) * (exponent % 2n === 1n ? base : 1n)) % prime
const isOnCurve = (x: bigint): boolean => powerOf((x ** 3n + 7n) % prime, (prime - 1n) / 2n) === 1n
/** The first of these numbers that is, or is not, the x coordinate of a point. */
const firstX = (candidate: (index: bigint) => bigint, isPoint: boolean): bigint => {
  for (let index = 1n; ; index++) if (candidate(index) < order && isOnCurve(candidate(index)) === isPoint) return candidate(index)
}

/** hash, v, r, s. */
const edges: Readonly<Record<string, readonly [bigint, bigint, bigint, bigint]>> = {
  'a signature': [hash, v, r, s],
  'its other half': [hash, 55n - v, r, order - s],
  'a hash of 0, and one above the order': [0n, 27n, r, 1n],
  'a hash above the order': [2n ** 256n - 1n, 28n, r, order - 1n],
  'r = 0': [hash, v, 0n, s],
  's = 0': [hash, v, r, 0n],
  'r of the order': [hash, v, order, s],
  's of the order': [hash, v, r, order],
  'r between the order and the prime': [hash, v, prime - 1n, s],
  'r above the prime': [hash, v, prime + 1n, s],
  'r that is no x of a point': [hash, v, firstX((index) => index, false), s],
  'a small r': [hash, v, firstX((index) => index, true), s],
  // Multiplied by beta, which the guest does to add multiples by lambda, it comes just below the prime.
  'an r whose beta-fold is near the prime': [hash, v, firstX((index) => (powerOf(beta, 2n) * (prime - index)) % prime, true), s],
  // −hash/r and s/r add up the generator to itself, or to infinity.
  'the generator and its opposite, which come to infinity': [generatorX, 27n, generatorX, generatorX],
  'twice the opposite of the generator': [generatorX, 28n, generatorX, generatorX],
}

describe.skipIf(!hasCompiler())(`recovered signers${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  const calls = Object.values(edges).map((words): PrecompileCall => ({ number: 1, gas: 3000n, input: join(...words.map(word)) }))
  let elf: Uint8Array
  beforeAll(() => {
    elf = readFileSync(buildMachineDriver('evm-precompile'))
  }, 300_000)

  it('at all edges are those of the library, and calls for the curve are proven', async () => {
    const { lines, cycles } = runDriverInMachine(elf, encodeCalls(calls))
    const answers = Object.fromEntries(Object.keys(edges).map((name, index) => [name, lines[index]]))
    const expected = await askLibrary(calls)
    expect(answers).toEqual(Object.fromEntries(Object.keys(edges).map((name, index) => [name, expected[index]])))
    const program = new MachineProgram(loadProgram(elf))
    const plan = new RunPlan({ program, input: encodeCalls(calls), maxCycles: cycles, maxLogPack: 31, maxSegmentLogHeight: 30 })
    const traces = plan.traces(0)
    const { logHeight = 0, main = new BigUint64Array() } = traces[machineTableNames.indexOf('arithmetic256')] ?? {}
    // Of a table this large only what does not take minutes: calls from everywhere in it.
    const rows = Array.from({ length: 2 ** logHeight }, (_, row) => row).filter((row) => isThorough || Math.floor(row / 16) % 8 === 3)
    expect(violations(machineTables.arithmetic256, { logHeight, main, fixed: new BigUint64Array() }, rows)).toEqual([])
  }, 600_000)

  it.runIf(isThorough)('are proven', async () => {
    const input = encodeCalls(calls)
    const { cycles: _, ...file } = await proveProgram({ elf, input })
    expect(file.publicValues.exitCode).toBe(0)
    await verifyProgram({ elf, file })
  })
})

describe.runIf(isThorough)('the guest', () => {
  it('proves a batch', async () => {
    const batch = await buildBatch()
    const { elf } = guestProgram()
    const { cycles, ...file } = await proveProgram({ elf, input: encodeProverInput(batch.input) })
    expect(cycles).toBeGreaterThan(100_000)
    expect(file.publicValues).toMatchObject({ exitCode: 0, output: hexToBytes(batchDigest(batch.publicInputs)) })
    await verifyProgram({ elf, file })
  })
})
