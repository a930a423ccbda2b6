import { readFileSync } from 'node:fs'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex } from '../../core/index.ts'
import { openingInput, openingOf } from '../../stf/testing/kzg-openings.ts'
import { buildMachineDriver, compilerNeeded, hasCompiler } from '../build.ts'
import { elements, negated, order, pointsG1, pointsG2, prime, scalar, spoiled, timesG1, timesG2 } from './bls-operands.ts'
import { askGuest, askLibrary, encodeCalls, expectAgreement, join, type PrecompileCall, word } from './precompile-calls.ts'
import { runDriverInMachine } from './run.ts'

const gas = fc.oneof({ arbitrary: fc.constant(10_000_000n), weight: 5 }, { arbitrary: fc.bigInt(0n, 150_000n), weight: 1 })

const callsOf = (number: number, input: fc.Arbitrary<Uint8Array>, numRuns: number): PrecompileCall[] =>
  fc.sample(fc.record({ number: fc.constant(number), gas, input }), { numRuns })

const [add1, msm1, add2, msm2, pairing, mapFp, mapFp2] = [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]

const groups = [
  { group: 'G1', add: add1, msm: msm1, points: pointsG1, times: timesG1 },
  { group: 'G2', add: add2, msm: msm2, points: pointsG2, times: timesG2 },
] as const

const plenty = 10_000_000n
const call = (number: number, ...input: readonly Uint8Array[]): PrecompileCall => ({ number, gas: plenty, input: join(...input) })
const outputsOf = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ')[1] ?? line)

const fieldElement = fc.oneof(
  { arbitrary: fc.constantFrom(0n, 1n, 2n, prime - 1n, (prime - 1n) / 2n), weight: 1 },
  { arbitrary: fc.bigInt(0n, prime - 1n), weight: 3 },
)

/** What the map of G1 takes to the kernel of its isogeny, and with that to infinity. */
const toInfinity = [
  0x1377c0192d99508a317127abf17c64205c7aad448380027efb47ae73ea231dbd6ecd3f2841b63d309c35bb8fd13e48f0n,
  0x0854a3cb180882d5b1efc1c3cc5b3fb33b27cb739f1389986ca46e1c5cb5010d8a06fd781c63074868f316d95b8f8405n,
  0x146850b3bdc2495ed73bb803dfaa951a88abff0acb5c7aeac52b48f3c808e87ce3885b98ce916e17caef21a6cbc6b598n,
  0x0a92437e90bc473049ab549b4c4a145feb4fb5cd39f7ee85c11fa62a8f5317220b398be420ca5d8364d460f6ee1efd29n,
]
/** Its square is -1 / 11, where the denominator of the map of G1 is zero. */
const exceptional = bls12_381.fields.Fp.sqrt(bls12_381.fields.Fp.neg(bls12_381.fields.Fp.inv(11n)))

describe.skipIf(!hasCompiler())(
  `the guest's precompiles of BLS12-381${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`,
  { timeout: 240_000 },
  () => {
    describe.each(groups)('in $group', ({ add, msm, points, times }) => {
      it('agree with the library on sums of points of the curve, and on what is none', async () => {
        const pair = fc.oneof(
          fc.tuple(points.curve, points.curve).map((both) => join(...both)),
          points.curve.map((point) => join(point, point)),
          points.curve.map((point) => join(point, negated(point))),
        )
        await expectAgreement(callsOf(add, spoiled(pair), 120))
      })

      it('agree with the library on sums of multiples, and on what is none', async () => {
        const term = fc
          .tuple(fc.oneof({ arbitrary: points.subgroup, weight: 12 }, { arbitrary: points.curve, weight: 1 }), scalar)
          .map(([point, k]) => join(point, word(k)))
        const input = fc.array(term, { minLength: 1, maxLength: 5 }).map((terms) => join(...terms))
        await expectAgreement(callsOf(msm, spoiled(input), 50))
      })

      it('agree with arithmetic modulo the order on sums of more multiples than one block has', () => {
        const factors = fc.sample(fc.tuple(fc.bigInt(0n, 20n), scalar), { numRuns: 130, seed: 1 })
        const multiples = Array.from({ length: 21 }, (_, i) => times(BigInt(i)))
        const calls = [1, 2, 63, 64, 65, 128, 129, 130].map((count) =>
          call(msm, ...factors.slice(0, count).flatMap(([i, k]) => [multiples[Number(i)] ?? new Uint8Array(0), word(k)])),
        )
        const expected = calls.map(({ input }) => {
          const count = input.length / points.pairSize
          return bytesToHex(times(factors.slice(0, count).reduce((sum, [i, k]) => sum + i * k, 0n)))
        })
        expect(outputsOf(askGuest(calls))).toEqual(expected)
      })

      it('charge for any number of multiples what the library charges, and not one less', async () => {
        // Multiples of infinity are cheap to compute, and cost the same gas.
        const priced = Array.from({ length: 140 }, (_, i) => call(msm, new Uint8Array((i + 1) * points.pairSize)))
        const prices = (await askLibrary(priced)).map((answer) => plenty - BigInt(answer.split(' ')[0] ?? ''))
        const calls = priced.flatMap(({ number, input }, i) => [0n, 1n].map((less) => ({ number, input, gas: (prices[i] ?? 0n) - less })))
        const infinity = `0 ${bytesToHex(times(0n))}`
        expect(askGuest(calls)).toEqual(priced.flatMap(() => [infinity, 'halt']))
      })

      it('ask for points of the subgroup in multiples, but not in sums', async () => {
        const zero = new Uint8Array(points.outside.length)
        const calls = [
          call(add, points.outside, zero),
          call(msm, points.outside, word(1n)),
          call(msm, points.outside, word(0n)),
          call(msm, points.outside, word(order)),
        ]
        const expected = [bytesToHex(points.outside), 'halt', 'halt', 'halt']
        expect(outputsOf(askGuest(calls))).toEqual(expected)
        expect(outputsOf(await askLibrary(calls))).toEqual(expected)
      })
    })

    it('agree with the library on pairings, and on what is none', async () => {
      const pair = fc.tuple(pointsG1.subgroup, pointsG2.subgroup).map((both) => join(...both))
      const input = fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => join(...pairs))
      await expectAgreement(callsOf(pairing, spoiled(input), 30))
    })

    it('have a bilinear pairing that tells other products from one', () => {
      const factor = fc.bigInt(1n, order - 1n)
      const samples = fc.sample(fc.tuple(factor, factor, factor), { numRuns: 6, seed: 2 })
      const products = (a: bigint, b: bigint, c: bigint, rest: bigint): PrecompileCall =>
        call(pairing, timesG1(a), timesG2(b), timesG1(c), timesG2(1n), new Uint8Array(128), timesG2(a), timesG1(rest), timesG2(1n))
      const calls = samples.flatMap(([a, b, c]) => {
        const rest = (((-a * b - c) % order) + order) % order
        return [products(a, b, c, rest), products(a, b, c, rest + 1n)]
      })
      expect(outputsOf(askGuest(calls))).toEqual(samples.flatMap(() => [bytesToHex(word(1n)), bytesToHex(word(0n))]))
    })

    it('check both points of a pair also where one of them is infinity', async () => {
      const [none1, none2] = [new Uint8Array(128), new Uint8Array(256)]
      const calls = [
        call(pairing, none1, none2),
        call(pairing, none1, timesG2(5n)),
        call(pairing, timesG1(5n), none2),
        call(pairing, none1, pointsG2.outside),
        call(pairing, pointsG1.outside, none2),
        call(pairing, none1, elements(1n, 0n, 1n, 0n)),
        call(pairing, elements(1n, 1n), none2),
      ]
      const expected = [...Array<string>(3).fill(bytesToHex(word(1n))), ...Array<string>(4).fill('halt')]
      expect(outputsOf(askGuest(calls))).toEqual(expected)
      expect(outputsOf(await askLibrary(calls))).toEqual(expected)
    })

    it('agree with the library on the maps of field elements to points', async () => {
      const ones = [...toInfinity, exceptional, prime - exceptional].map((u) => call(mapFp, elements(u)))
      expect(outputsOf(askGuest(ones.slice(0, toInfinity.length)))).toEqual(toInfinity.map((): Hex => bytesToHex(new Uint8Array(128))))
      await expectAgreement([...ones, ...callsOf(mapFp, spoiled(fieldElement.map((u) => elements(u))), 60)])
      const pairs = fc.tuple(fieldElement, fieldElement).map((u) => elements(...u))
      await expectAgreement(callsOf(mapFp2, spoiled(pairs), 60))
    })

    it('agree with the library on the prices and lengths of all of them', async () => {
      const good = [
        call(add1, timesG1(1n), timesG1(2n)),
        call(add2, timesG2(1n), timesG2(2n)),
        call(pairing, timesG1(1n), timesG2(2n)),
        call(mapFp, elements(1n)),
        call(mapFp2, elements(1n, 2n)),
      ]
      const prices = (await askLibrary(good)).map((answer) => plenty - BigInt(answer.split(' ')[0] ?? ''))
      expect(prices).toEqual([375n, 600n, 70_300n, 5500n, 23_800n])
      const exact = good.flatMap((one, i) => [0n, 1n].map((less) => ({ ...one, gas: (prices[i] ?? 0n) - less })))
      const empty = [add1, msm1, add2, msm2, pairing, mapFp, mapFp2].map((number) => call(number))
      await expectAgreement([...exact, ...empty])
      expect(askGuest(empty)).toEqual(empty.map(() => 'halt'))
    })

    it('are there from Prague on', () => {
      const calls = [0x0a, add1, msm1, add2, msm2, pairing, mapFp, mapFp2, 0x12, 0x100].map((number) => call(number))
      const there = ['halt', 'halt', 'halt', 'halt', 'halt', 'halt', 'halt', 'halt', 'none']
      expect(askGuest(calls, 'Cancun')).toEqual(['halt', ...Array<string>(9).fill('none')])
      expect(askGuest(calls, 'Prague')).toEqual([...there, 'none'])
      expect(askGuest(calls, 'Osaka')).toEqual([...there, `${plenty - 6900n} 0x`])
    })

    it('agree with the library on openings of KZG commitments', async () => {
      const value = fc.oneof(
        { arbitrary: fc.constantFrom(0n, 1n, order - 1n), weight: 1 },
        { arbitrary: fc.bigInt(0n, order - 1n), weight: 3 },
      )
      const opening = fc.tuple(value, value, value).map(([slope, constant, z]) => openingOf({ slope, constant }, z))
      const wrong = fc.tuple(opening, opening).map(([a, b]) => ({ ...a, proof: b.proof }))
      const bent = fc.tuple(opening, fc.constantFrom(0n, 1n), fc.constantFrom(0n, 1n)).map(([one, beyondZ, beyondY]) => ({
        ...one,
        z: one.z + beyondZ * order,
        y: one.y + beyondY * order,
      }))
      const flags = fc
        .tuple(opening, fc.constantFrom(0x00, 0x20, 0x40, 0x60, 0xe0, 0xff), fc.constantFrom('proof', 'commitment' as const))
        .map(([one, mask, which]) => ({ ...one, [which]: one[which].map((byte, i) => (i === 0 ? byte ^ mask : byte)) }))
      const input = fc.oneof(opening, opening, wrong, bent, flags).map(openingInput)
      const flipped = fc.tuple(input, fc.nat(191)).map(([good, at]) => good.map((byte, i) => (i === at ? byte ^ 0x10 : byte)))
      const mixed = fc.oneof(
        { arbitrary: input, weight: 5 },
        flipped,
        input.map((good) => good.subarray(1)),
      )
      await expectAgreement(callsOf(0x0a, mixed, 60))
    })

    it('give in the machine what they give on the host', () => {
      const calls = [
        call(0x0a, openingInput(openingOf({ slope: 3n, constant: 5n }, 7n))),
        call(add1, timesG1(3n), timesG1(order - 5n)),
        call(msm1, timesG1(3n), word(order - 5n), timesG1(7n), word((1n << 256n) - 1n)),
        call(add2, timesG2(3n), timesG2(order - 5n)),
        call(msm2, timesG2(3n), word(order - 5n), timesG2(7n), word((1n << 256n) - 1n)),
        call(pairing, timesG1(6n), timesG2(7n), timesG1(order - 42n), timesG2(1n)),
        call(mapFp, elements(prime - 1n)),
        call(mapFp2, elements(prime - 1n, 3n)),
        call(pairing, timesG1(1n), pointsG2.outside),
      ]
      const elf = readFileSync(buildMachineDriver('evm-precompile'))
      expect(runDriverInMachine(elf, encodeCalls(calls)).lines).toEqual(askGuest(calls))
    })

    it.each([
      ['0x0a', 25_000_000, call(0x0a, openingInput(openingOf({ slope: order - 3n, constant: 5n }, order - 7n)))],
      ['sum in G1', 120_000, call(add1, timesG1(3n), timesG1(order - 5n))],
      ['multiple in G1', 4_000_000, call(msm1, timesG1(3n), word((1n << 256n) - 1n))],
      ['sum in G2', 160_000, call(add2, timesG2(3n), timesG2(order - 5n))],
      ['multiple in G2', 9_000_000, call(msm2, timesG2(3n), word((1n << 256n) - 1n))],
      ['pairing of two pairs', 24_000_000, call(pairing, timesG1(6n), timesG2(7n), timesG1(order - 42n), timesG2(1n))],
      ['map to G1', 1_400_000, call(mapFp, elements(prime - 1n))],
      ['map to G2', 5_000_000, call(mapFp2, elements(prime - 1n, 3n))],
    ])('take a bounded number of cycles: %s, at most %i', (_name, most, one) => {
      const elf = readFileSync(buildMachineDriver('evm-precompile'))
      const { lines, cycles } = runDriverInMachine(elf, encodeCalls([one]))
      expect(lines).not.toEqual(['halt'])
      expect(cycles).toBeLessThan(most)
    })
  },
)
