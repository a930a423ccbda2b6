import { beforeAll, describe, expect, it } from 'vitest'
import { type TableValues, violations } from '../../air/check.ts'
import { isThorough } from '../../testing/effort.ts'
import { range } from '../testing/changed-table.ts'
import { arithmetic256Table } from './air.ts'
import { type Arithmetic256Operation, callRows, integerWords } from './operations.ts'
import { tableOf } from './testing/calls.ts'
import { Cheater } from './testing/cheater.ts'
import { generator } from './testing/points.ts'

const [gx, gy] = generator
const largest = 2n ** 256n - 1n
const starts: Readonly<Record<Arithmetic256Operation, number>> = { mulAdd: 0, mulMod: callRows, add: 2 * callRows, double: 3 * callRows }
/** After them. */
const idle = 4 * callRows

describe('a cheater who calls for arithmetic', () => {
  let honest: TableValues
  beforeAll(() => {
    honest = tableOf([
      { operation: 'mulAdd', operands: [largest, largest - 1n, 3n] },
      { operation: 'mulMod', operands: [largest, largest - 2n, 2n ** 255n + 5n] },
      { operation: 'add', operands: [gx, gy, 5n, 9n] },
      { operation: 'double', operands: [gx, gy] },
      { operation: 'double', operands: [7n, 9n] },
    ])
    // An idle call in the end: the last one is not part of it.
    const height = 2 ** honest.logHeight
    for (const column of range(0, arithmetic256Table.mainColumns.length))
      honest.main.fill(0n, column * height + idle, (column + 1) * height)
  })
  const cheater = (): Cheater => new Cheater(honest)
  const rowsOf = (operation: Arithmetic256Operation): number[] => range(starts[operation], callRows)

  it('starts from calls that are right', () => {
    expect(violations(arithmetic256Table, honest)).toEqual([])
  })

  it('cannot use another pointer, register or time', () => {
    for (const [name, tags, buses] of [
      ['target', [], ['memory', 'system']],
      ['first', ['A256-ARGUMENTS', 'A256-LEFT-ADDRESS'], []],
      ['second', ['A256-ARGUMENTS', 'A256-LEFT-ADDRESS'], []],
      ['third', ['A256-ARGUMENTS', 'A256-RIGHT-ADDRESS'], []],
      ['timestamp', [], ['memory', 'system']],
    ] as const) {
      const table = cheater()
      table.add(name, rowsOf('mulAdd'), 4n)
      if (name === 'timestamp') {
        for (const access of ['left', 'right', 'target']) table.add(`${access}.previous`, rowsOf('mulAdd'), 4n)
      }
      expect(table.noticed(), name).toEqual({ tags, buses })
      const within = cheater()
      within.add(name, rowsOf('mulAdd').slice(5), 4n)
      expect(within.noticed().tags, name).toContain(`A256-SAME-${name}`)
    }
  })

  it('cannot read elsewhere than the registers say', () => {
    for (const [pointer, row] of [
      ['first', 0],
      ['second', 1],
      ['third', 2],
    ] as const) {
      const table = cheater()
      table.add(pointer, rowsOf('mulMod'), 4n)
      table.add('right.low', [starts.mulMod + integerWords + row], 4n)
      const address = pointer === 'third' ? 'right.address' : 'left.address'
      const from = pointer === 'second' ? integerWords : 0
      table.add(address, rowsOf('mulMod').slice(from, from + integerWords), 4n)
      expect(table.noticed(), pointer).toEqual({ tags: [], buses: ['memory'] })
    }
    const register = cheater()
    register.add('right.address', [starts.add + integerWords], 1n)
    expect(register.noticed()).toEqual({ tags: ['A256-RIGHT-ADDRESS'], buses: ['memory'] })
    const address = cheater()
    address.add('left.address', [starts.add + 3], 4n)
    expect(address.noticed()).toEqual({ tags: ['A256-LEFT-ADDRESS'], buses: ['memory'] })
  })

  it('cannot leave an access out, or make one more', () => {
    const absent = cheater()
    absent.set('right.isThere', starts.mulAdd + 2, 0n)
    expect(absent.noticed()).toEqual({ tags: ['A256-RIGHT-THERE'], buses: ['memory'] })
    const present = cheater()
    present.set('right.isThere', starts.add + 2, 1n)
    expect(present.noticed()).toEqual({ tags: ['A256-RIGHT-ADDRESS', 'A256-RIGHT-THERE'], buses: ['memory'] })
  })

  it('cannot read what is not there yet, or what was there earlier', () => {
    for (const name of ['left', 'right', 'target']) {
      const later = cheater()
      later.add(`${name}.previous`, [starts.mulAdd], 100n)
      expect(later.noticed(), name).toEqual({ tags: [], buses: ['byte-pair', 'memory'] })
      const same = cheater()
      same.set(`${name}.previous`, starts.mulAdd, 4n + BigInt(['left', 'x', 'right', 'target'].indexOf(name)))
      same.set(`${name}.since`, starts.mulAdd, 65535n)
      expect(same.noticed(), name).toEqual({ tags: [], buses: ['byte-pair', 'memory'] })
      const stale = cheater()
      stale.add(`${name === 'target' ? 'before' : name}.low`, [starts.mulAdd], name === 'target' ? 1n : -1n)
      expect(stale.noticed().buses, name).toEqual(['memory'])
      const since = cheater()
      since.add(`${name}.since`, [starts.mulAdd], 1n)
      expect(since.noticed(), name).toEqual({ tags: [], buses: ['byte-pair'] })
    }
  })

  it('cannot use words of other halves', () => {
    for (const name of ['before', 'after', 'left', 'right']) {
      const table = cheater()
      table.add(`${name}.low`, [starts.mulAdd + 1], 65536n)
      table.add(`${name}.high`, [starts.mulAdd + 1], -1n)
      expect(table.noticed().buses, name).toEqual(['half'])
    }
  })

  it('cannot take an operation for another', () => {
    const names = { mulAdd: 'isMulAdd', mulMod: 'isMulMod', add: 'isAdd', double: 'isDouble' } as const
    for (const from of Object.keys(starts) as Arithmetic256Operation[]) {
      for (const to of Object.keys(starts) as Arithmetic256Operation[]) {
        if (from === to) continue
        const table = cheater()
        table.add(names[from], rowsOf(from), -1n)
        table.add(names[to], rowsOf(from), 1n)
        table.add(`${names[from]}Lower`, rowsOf(from).slice(0, integerWords), -1n)
        table.add(`${names[to]}Lower`, rowsOf(from).slice(0, integerWords), 1n)
        const { tags, buses } = table.noticed()
        expect(tags, `${from} as ${to}`).toContain('A256-IDENTITY')
        expect(buses, `${from} as ${to}`).toContain('system')
      }
    }
    const both = cheater()
    both.add('isMulMod', rowsOf('mulAdd'), 1n)
    expect(both.noticed().tags).toEqual(expect.arrayContaining(['A256-ONE', 'A256-LOWER-mulMod']))
    const neither = cheater()
    neither.set('isDouble', starts.double + 4, 0n)
    expect(neither.noticed().tags).toEqual(expect.arrayContaining(['A256-SAME-double', 'A256-LOWER-double']))
    const lower = cheater()
    lower.set('isAddLower', starts.add + 9, 1n)
    expect(lower.noticed().tags).toEqual(['A256-IDENTITY', 'A256-LOWER-add'])
    const twice = cheater()
    twice.add('isAdd', rowsOf('add'), 1n)
    expect(twice.noticed().tags).toEqual(expect.arrayContaining(['A256-IS-add', 'A256-ONE']))
  })

  it('cannot carry a borrow into a number, or one of 2', () => {
    for (const name of ['before', 'after', 'left']) {
      const into = cheater()
      into.set(`${name}.borrow`, starts.add + integerWords, 1n)
      expect(into.noticed().tags, name).toEqual([`A256-${name.toUpperCase()}-BORROW-FIRST`])
      const two = cheater()
      two.set(`${name}.borrow`, starts.add + 3, 2n)
      expect(two.noticed().tags, name).toEqual([`A256-${name.toUpperCase()}-BORROW`])
      const gap = cheater()
      gap.add(`${name}.gapLow`, [starts.add + 3], 1n)
      expect(gap.noticed(), name).toEqual({ tags: [], buses: ['half'] })
    }
  })

  it('cannot have a call that begins within the 16 rows of another, or at the table’s end', () => {
    const shifted = cheater()
    for (const name of arithmetic256Table.mainColumns) {
      for (const row of range(0, callRows)) shifted.set(name, idle + integerWords + row, shifted.get(name, starts.double + row))
    }
    expect(shifted.noticed().tags).toEqual(expect.arrayContaining(['A256-SAME-double', 'A256-LOWER-double', 'A256-IDENTITY']))
    const height = 2 ** honest.logHeight
    const cut = cheater()
    for (const name of arithmetic256Table.mainColumns) {
      for (const row of range(0, integerWords)) cut.set(name, height - integerWords + row, cut.get(name, starts.add + row))
    }
    expect(cut.noticed().tags).toEqual(expect.arrayContaining(['A256-SAME-add', 'A256-LOWER-add', 'A256-IDENTITY']))
  })

  it('cannot compute anything in idle rows', () => {
    const table = cheater()
    for (const name of ['isMulAdd', 'isMulAddLower']) table.add(name, range(idle, name === 'isMulAdd' ? callRows : integerWords), 1n)
    expect(table.noticed().tags).toContain('A256-IDENTITY')
    expect(table.noticed().buses).toContain('system')
    const single = cheater()
    single.set('isAdd', idle + 3, 1n)
    expect(single.noticed().tags).toContain('A256-SAME-add')
  })

  /** Cells that nothing reads, and why; the rows of idle calls besides, but for flags. */
  const dontCare = (name: string, row: number): boolean => {
    const operation = (Object.keys(starts) as Arithmetic256Operation[]).find((each) => rowsOf(each).includes(row))
    const isLower = row % callRows < integerWords
    if (operation === undefined) return isIdleCell(name, row % callRows)
    const isCurve = operation === 'add' || operation === 'double'
    // A product has no slope and no third quotient, a sum of products no quotient at all (they stay halves).
    if (!isCurve && /^(slope|quotient2)$/.test(name)) return true
    if (operation === 'mulAdd' && /^quotient/.test(name)) return true
    // Only the words of the run are multiplied by it.
    if (name === 'inverse') return operation === 'add' ? !isLower : operation !== 'double' || isLower
    // An access that is not made may go to any address, and have any time and words that keep to their bounds.
    if (name === 'left.address') return operation === 'double'
    if (name === 'right.address') return isCurve ? row !== starts.add + integerWords : row % callRows > integerWords + 2
    if (/^left\./.test(name) && operation === 'double') return !/\.(low|high)$/.test(name) || !isLower
    if (/^right\.(previous|since)$/.test(name)) return isCurve ? row !== starts.add + integerWords : row % callRows > integerWords + 2
    if (/^right\.(low|high)$/.test(name)) return isCurve ? isLower || row % callRows > integerWords + 2 : row % callRows > integerWords + 2
    if (operation === 'mulMod' && !isLower && /^(before|after|target)\.(low|high|previous|since)$/.test(name)) return true
    // Arguments that the call does not take are those that rows without an access hold.
    if (/\.(borrow|gapLow)$/.test(name)) {
      if (/^before/.test(name)) return !isCurve
      if (/^left/.test(name)) return operation !== 'add'
      return operation === 'mulAdd' || (operation === 'mulMod' && !isLower)
    }
    return false
  }

  it(
    'is noticed whatever cell that matters is changed',
    () => {
      const survivors: string[] = []
      let changes = 0
      const table = cheater()
      arithmetic256Table.mainColumns.forEach((name, index) => {
        for (const row of range(0, idle + callRows)) {
          if (dontCare(name, row) || (!isThorough && (7 * row + index) % 16 !== 0)) continue
          for (const delta of [1n, 2n ** 32n]) {
            const changed = cheater()
            changed.add(name, [row], delta)
            changes++
            const { tags, buses } = changed.noticed()
            if (tags.length + buses.length === 0) survivors.push(`${name}[${row}] + ${delta}`)
          }
        }
      })
      expect(survivors).toEqual([])
      expect(changes).toBeGreaterThan(300)
      expect(table.noticed()).toEqual({ tags: [], buses: [] })
    },
    isThorough ? 3_600_000 : 120_000,
  )

  it('may have anything in the other cells, as long as it keeps to its bounds', () => {
    const table = cheater()
    let value = 1n
    for (const name of arithmetic256Table.mainColumns) {
      for (const row of range(0, idle + callRows)) {
        if (!dontCare(name, row)) continue
        value = (value * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n
        if (/\.borrow$/.test(name)) table.set(name, row, row % integerWords === 0 ? 0n : value % 2n)
        else if (/previous|since/.test(name)) continue
        else if (/low$|high$|Low$|^quotient|^slope/.test(name)) table.set(name, row, value % 65536n)
        else table.set(name, row, value % 2n ** 32n)
      }
    }
    expect(table.noticed()).toEqual({ tags: [], buses: [] })
  })
})

/** An idle call's: all but the flags, what stays the same in 16 rows, carries whose weight no flag has, and what is said of all rows. */
function isIdleCell(name: string, row: number): boolean {
  if (/borrow$/.test(name)) return row % integerWords !== 0
  if (/^right\.(low|high)$/.test(name)) return row < integerWords || row > integerWords + 2
  return !/^(is|carry[01345]|timestamp$|target$|first$|second$|third$|limit$|right\.isThere$)/.test(name)
}
