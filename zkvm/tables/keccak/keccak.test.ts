import fc from 'fast-check'
import { keccak } from 'hash-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { violations } from '../../air/check.ts'
import { heightFor } from '../heights.ts'
import { ChangedTable, range } from '../testing/changed-table.ts'
import { keccakTable } from './air.ts'
import { blockRows, blocks, operationRows } from './lanes.ts'
import { chi, constantOf, KeccakLookups } from './lookups.ts'
import { KeccakRows } from './trace.ts'

const nothing = new BigUint64Array()
/** Checking rows takes a while where other tests run as well. */
const timeoutMs = 120_000

function tableOf(states: readonly ArrayLike<number>[], logHeight?: number) {
  const rows = new KeccakRows({ lookups: new KeccakLookups() })
  states.forEach((state, index) => {
    rows.push(4 * index + 4, state)
  })
  return { ...rows.toTrace(logHeight ?? heightFor(rows.count).logHeight), fixed: nothing }
}

/** keccak with so many bits of digest, the sponge around the table's permutation. */
function hash(message: Uint8Array, bits: 224 | 256 | 384 | 512): string {
  const rate = 200 - bits / 4
  const padded = new Uint8Array((Math.floor(message.length / rate) + 1) * rate)
  padded.set(message)
  padded[message.length] = 1
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80
  const rows = new KeccakRows({ lookups: new KeccakLookups() })
  let state: Uint32Array = new Uint32Array(50)
  for (let at = 0; at < padded.length; at += rate) {
    const block = new Uint32Array(padded.slice(at, at + rate).buffer)
    state = rows.push(
      0,
      state.map((word, index) => word ^ (block[index] ?? 0)),
    )
  }
  return Buffer.from(state.buffer, 0, bits / 8).toString('hex')
}

const state = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 50, maxLength: 50 })
const ramp = range(0, 50).map((index) => Math.imul(index * index + 3, 0x9e37_79b9) >>> 0)
const edges = [
  new Array<number>(50).fill(0),
  new Array<number>(50).fill(0xffff_ffff),
  range(0, 50).map((index) => (index === 0 ? 1 : 0)),
  range(0, 50).map((index) => (index === 49 ? 0x8000_0000 : 0)),
]

describe('the keccak table', () => {
  it('permutes as keccak does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(224 as const, 256 as const, 384 as const, 512 as const),
        async (message, bits) => {
          expect(hash(message, bits)).toBe(await keccak(message, bits))
        },
      ),
      { numRuns: 30 },
    )
  })

  it.each(edges.map((edge) => [edge] as const))('has rows for an edge state (%#)', (edge) => {
    expect(violations(keccakTable, tableOf([edge]))).toEqual([])
  })

  it(
    'has rows for random states',
    () => {
      fc.assert(
        fc.property(state, state, (a, b) => {
          expect(violations(keccakTable, tableOf([a, b]))).toEqual([])
        }),
        { numRuns: 2 },
      )
    },
    timeoutMs,
  )

  it('has no rows to fill where nothing is permuted', () => {
    expect(violations(keccakTable, tableOf([], 6))).toEqual([])
  })

  it('looks up chi of the parities of digits, and the constants of the rounds', () => {
    // Digits 2 and 3 count as 0 and 1: a row of 1, 0, 1, 1, 0 is 0, 0, 1, 0, 0 after chi.
    expect(chi(1 | (2 << 2) | (3 << 4) | (1 << 6), 0)).toBe(0b00100)
    expect(chi(0, 1)).toBe(1)
    const constant = (round: number): bigint => range(0, 64).reduce((value, z) => value | (BigInt(constantOf(round, z)) << BigInt(z)), 0n)
    // FIPS 202, from the reference implementation's list.
    expect([0, 1, 2, 22, 23].map(constant)).toEqual([1n, 0x8082n, 0x8000_0000_0000_808an, 0x8000_0001n, 0x8000_0000_8000_8008n])
  })
})

describe('a cheater who permutes', () => {
  let honest: ReturnType<typeof tableOf>
  beforeAll(() => {
    honest = tableOf([ramp, edges[2] ?? []])
  })
  // A row's own, the one that comes to it, the one of the round before, and the end of its block.
  const near = (row: number): number[] => [row, row - 1, row - blockRows, row - (row % blockRows) + blockRows - 1]
  const changed = (): ChangedTable => new ChangedTable({ table: keccakTable, values: honest, near })
  const second = operationRows
  const block = (index: number): number => index * blockRows
  const lastBlock = block(blocks - 1)

  it('cannot change the rows after theta of two rounds by amounts that cancel', () => {
    const table = changed()
    table.add('p3.0', [block(4) + 9], 4n)
    table.add('p3.0', [block(5) + 9], -4n)
    expect(table.noticed()).toEqual({ tags: ['KECCAK-MOVED'], buses: ['keccak-chi'] })
    expect(violations(keccakTable, table.values, range(block(4), 2 * blockRows)).map(({ row }) => row)).toEqual([
      block(5) - 1,
      block(6) - 1,
    ])
  })

  it('cannot exchange digits between rows, slices or slots', () => {
    for (const [a, b] of [
      [
        ['p1.0', 5],
        ['p2.0', 5],
      ],
      [
        ['p1.0', 5],
        ['p1.0', 6],
      ],
      [
        ['p1.0', 5],
        ['p1.1', 5],
      ],
    ] as const) {
      const table = changed()
      table.add(a[0], [block(2) + a[1]], 1n)
      table.add(b[0], [block(2) + b[1]], -1n)
      expect(table.noticed().tags).toEqual(['KECCAK-MOVED'])
    }
  })

  it('cannot claim another parity of a column', () => {
    const table = changed()
    const row = block(7) + 3
    table.set('c2.1', row, 1n - table.get('c2.1', row))
    expect(table.noticed().tags).toEqual(['KECCAK-MOVED', 'KECCAK-PARITY-2.1'])
    const doubled = changed()
    doubled.add('c2.1', [row], 2n)
    expect(doubled.noticed().tags).toContain('KECCAK-PARITY-BOOL-2.1')
  })

  it('cannot use bits that are none', () => {
    const table = changed()
    const row = block(3) + 8
    table.add('a00.0', [row], 2n)
    table.add('a01.0', [row], -2n)
    expect(table.noticed().tags).toEqual(expect.arrayContaining(['KECCAK-BIT-00.0', 'KECCAK-BIT-01.0']))
  })

  it('cannot use another round constant', () => {
    const table = changed()
    const row = block(6)
    table.set('constant0', row, 1n - table.get('constant0', row))
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-chi', 'keccak-schedule'] })
  })

  it('cannot write flags that add up to others', () => {
    const table = changed()
    const row = range(0, operationRows).find((at) => table.get('constant1', at) === 1n) ?? 0
    table.set('constant1', row, 0n)
    table.set('constant0', row, table.get('constant0', row) + 2n)
    expect(table.noticed().tags).toEqual(['KECCAK-BOOL-constant0'])
  })

  it('cannot change a state between two rounds', () => {
    const table = changed()
    const row = block(9) + 4
    table.set('a33.0', row, 1n - table.get('a33.0', row))
    expect(table.noticed()).toEqual({ tags: ['KECCAK-MOVED', 'KECCAK-PARITY-3.0'], buses: ['keccak-chi'] })
  })

  it('cannot exchange rounds', () => {
    const placed = ['round', 'constant0', 'constant1']
    const table = changed()
    table.exchange(block(10), block(11), blockRows, placed)
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-chi'] })
    const moved = changed()
    moved.exchange(block(10), block(11), blockRows)
    expect(moved.noticed()).toEqual({ tags: ['KECCAK-NEXT-ROUND'], buses: ['keccak-chi'] })
  })

  it('cannot leave rounds out', () => {
    const table = changed()
    table.exchange(block(1), lastBlock, blockRows, ['round'])
    table.add('isReal', range(block(2), operationRows - block(2)), -1n)
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-chi', 'keccak-schedule'] })
  })

  it('cannot begin in the middle', () => {
    const table = changed()
    for (const row of range(0, blockRows)) {
      table.set('isReal', row, 0n)
      table.set('isInput', row, 0n)
    }
    expect(table.noticed().tags).toEqual(['KECCAK-BEGINS'])
  })

  it('cannot stop before the end', () => {
    const table = changed()
    table.add('isReal', range(block(20), 5 * blockRows), -1n)
    table.add('isOutput', range(lastBlock, blockRows), -1n)
    expect(table.noticed()).toEqual({ tags: ['KECCAK-NEXT-REAL'], buses: ['keccak-chi', 'keccak-schedule', 'keccak-state'] })
  })

  it('cannot have a permutation in flight at the last row', () => {
    const { main } = tableOf([ramp])
    const cut = new BigUint64Array(512 * keccakTable.mainColumns.length)
    keccakTable.mainColumns.forEach((_, column) => {
      cut.set(main.subarray(column * 1024, column * 1024 + 512), column * 512)
    })
    const tags = violations(keccakTable, { logHeight: 9, main: cut, fixed: nothing }).map(({ tag }) => tag)
    expect(tags).toEqual(['KECCAK-NEXT-ROUND', 'KECCAK-WHOLE'])
  })

  it('cannot interleave two permutations', () => {
    const table = changed()
    table.exchange(block(12), second + block(12), blockRows, ['timestamp'])
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-chi'] })
    const whole = changed()
    whole.exchange(block(12), second + block(12), 13 * blockRows)
    expect(whole.noticed()).toEqual({ tags: ['KECCAK-NEXT-TIME'], buses: ['keccak-chi'] })
  })

  it('cannot give a call the result of another', () => {
    const table = changed()
    table.exchange(lastBlock, second + lastBlock, blockRows, ['timestamp'])
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-chi', 'keccak-state'] })
    const renamed = changed()
    renamed.exchange(lastBlock, second + lastBlock, blockRows)
    expect(renamed.noticed().tags).toEqual(['KECCAK-NEXT-TIME'])
  })

  it('cannot answer a call twice, or at another time', () => {
    const table = changed()
    for (const row of range(second, operationRows)) table.set('timestamp', row, table.get('timestamp', 0))
    expect(table.noticed()).toEqual({ tags: [], buses: ['keccak-state'] })
    const split = changed()
    split.add('timestamp', range(0, 16), 1n)
    expect(split.noticed().tags).toEqual(['KECCAK-BLOCK-timestamp'])
  })

  it('cannot permute in idle rows', () => {
    const idle = 2 * operationRows
    for (const [flag, tag] of [
      ['isInput', 'KECCAK-IDLE-IN'],
      ['isOutput', 'KECCAK-IDLE-OUT'],
    ] as const) {
      const table = changed()
      table.add(flag, range(idle, blockRows), 1n)
      expect(table.noticed().tags).toContain(tag)
    }
    const table = changed()
    table.add('isReal', range(idle, blockRows), 1n)
    expect(table.noticed().tags).toContain('KECCAK-BEGINS')
  })

  it(
    'is noticed whatever cell of a permutation is changed',
    () => {
      const columns = keccakTable.mainColumns
      fc.assert(
        fc.property(
          fc.constantFrom(...columns),
          fc.integer({ min: 0, max: operationRows - 1 }),
          fc.constantFrom(1n, 2n, -1n, 2n ** 32n),
          (name, row, difference) => {
            const table = changed()
            table.add(name, [row], difference)
            const { tags, buses } = table.noticed()
            expect(tags.length + buses.length, `${name} in row ${row}`).toBeGreaterThan(0)
          },
        ),
        { numRuns: 250 },
      )
    },
    timeoutMs,
  )
})
