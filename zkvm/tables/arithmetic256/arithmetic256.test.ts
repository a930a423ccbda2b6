import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchanges, violations } from '../../air/check.ts'
import { inverse, modulo, wordsToInteger } from '../../isa/system/integers.ts'
import { bytePairBus, halfBus } from '../buses.ts'
import { arithmetic256Table } from './air.ts'
import { callRows, integerWords, prime } from './operations.ts'
import { type Call, executed, tableOf } from './testing/calls.ts'
import { generator, order, pointWith } from './testing/points.ts'

const largest = 2n ** 256n - 1n
const edges = [
  0n,
  1n,
  2n,
  prime - 1n,
  prime,
  prime + 1n,
  order - 1n,
  order,
  2n ** 255n,
  2n ** 128n,
  0xffffn,
  0x10000n,
  largest - 1n,
  largest,
]
const number = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: largest }))
const coordinate = number.map((value) => value % prime)

/** What a call has to give: 512 bits, or x and y. */
function expected({ operation, operands }: Call): readonly [bigint, bigint] {
  const [a = 0n, b = 0n, c = 0n, d = 0n] = operands
  if (operation === 'mulAdd') return [(a * b + c) % 2n ** 256n, (a * b + c) >> 256n]
  if (operation === 'mulMod') return [(a * b) % c, 0n]
  const slope = operation === 'double' ? 3n * a * a * inverse(2n * b, prime) : (d - b) * inverse(c - a, prime)
  const x = modulo(slope * slope - a - (operation === 'double' ? a : c), prime)
  return [x, modulo(slope * (a - x) - b, prime)]
}

/** Tags that do not hold, and lookups of what is no half and no byte. */
function problems(calls: readonly Call[]): string[] {
  const values = tableOf(calls)
  const tags = violations(arithmetic256Table, values).map(({ tag, row }) => `${tag}[${row}]`)
  for (const { bus, tuple, by } of exchanges(arithmetic256Table, values)) {
    const limit = bus === halfBus ? 65536n : bus === bytePairBus ? 256n : undefined
    if (limit !== undefined && tuple.some((element) => element >= limit)) tags.push(by)
  }
  return tags
}

function resultOf(call: Call): readonly [bigint, bigint] {
  const words = new Int32Array(callRows)
  words.set(executed(call, 4).accesses.at(-1)?.after ?? [])
  return [wordsToInteger(words.subarray(0, integerWords)), wordsToInteger(words.subarray(integerWords))]
}

function expectProven(calls: readonly Call[]): void {
  for (const call of calls) expect(resultOf(call)).toEqual(expected(call))
  expect(problems(calls)).toEqual([])
}

describe('the table of 256-bit arithmetic', () => {
  it('has nothing to fill where nothing is computed', () => {
    expect(problems([])).toEqual([])
  })

  it('has rows for products of edge operands', () => {
    for (const a of edges) {
      expectProven([
        { operation: 'mulAdd', operands: [a, largest, largest] },
        { operation: 'mulAdd', operands: [a, prime, 1n] },
      ])
      for (const m of edges.filter((modulus) => modulus > 0n)) expectProven([{ operation: 'mulMod', operands: [a, largest, m] }])
    }
  }, 120_000)

  it('has rows for products of any operands', () => {
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        expectProven([
          { operation: 'mulAdd', operands: [a, b, c] },
          ...(c > 0n ? [{ operation: 'mulMod', operands: [a, b, c] } as const] : []),
        ])
      }),
      { numRuns: 30 },
    )
  }, 120_000)

  it('has rows for points of the curve', () => {
    const [gx, gy] = generator
    const double = expected({ operation: 'double', operands: generator })
    expectProven([
      { operation: 'double', operands: generator },
      { operation: 'add', operands: [gx, gy, ...double] },
      { operation: 'add', operands: [...double, gx, prime - gy] },
    ])
  })

  it('has rows for any coordinates, those of no point of the curve too', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x1, y1, x2, y2) => {
        if (y1 !== 0n) expectProven([{ operation: 'double', operands: [x1, y1] }])
        if (x1 !== x2) expectProven([{ operation: 'add', operands: [x1, y1, x2, y2] }])
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('has rows for coordinates at the edges', () => {
    const coordinates = edges.filter((edge) => edge < prime)
    for (const x of coordinates) {
      for (const y of [1n, prime - 1n, 2n ** 255n]) {
        expectProven([
          { operation: 'double', operands: [x, y] },
          { operation: 'add', operands: [x, y, (x + 1n) % prime, 0n] },
          { operation: 'add', operands: [x, y, (x + prime - 1n) % prime, prime - 1n] },
        ])
      }
    }
  }, 120_000)

  it('has rows for results at the edges', () => {
    for (const x3 of [0n, 1n, prime - 1n]) {
      for (const y3 of [0n, 1n, prime - 1n]) {
        const { operands } = pointWith({ x3, y3 })
        expect(expected({ operation: 'add', operands })).toEqual([x3, y3])
        expectProven([{ operation: 'add', operands }])
      }
    }
  })

  it('has no rows for a result that is not the operation’s', () => {
    const call = executed({ operation: 'mulMod', operands: [7n, 8n, 9n] }, 4)
    const accesses = call.accesses.map((access, index) =>
      index === 3 ? { ...access, after: access.after.map((word) => word ^ 1) } : access,
    )
    expect(() => tableOf([{ ...call, accesses }])).toThrow(RangeError)
  })
})
