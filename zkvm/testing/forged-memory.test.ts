import { describe, expect, it } from 'vitest'
import { addressMap } from '../isa/address-map.ts'
import { dataBase } from '../isa/testing/make-elf.ts'
import type { MachineTableName } from '../tables/machine/machine-air.ts'
import type { ForgedRun } from './forged-run.ts'
import { type Forgery, first, halt, noticed } from './forgery.ts'

/** Sets when an access says the one before was, and the low half of the time since as it has to be. */
function setPrevious(run: ForgedRun, row: number, name: 'rs1' | 'rs2' | 'rd', previous: bigint): void {
  const at = run.get('cpu', 'timestamp', row) + { rs1: 0n, rs2: 1n, rd: 3n }[name]
  run.set('cpu', `${name}.previous`, row, previous).set('cpu', `${name}.since`, row, BigInt.asUintN(16, at - previous - 1n))
}

const registersAndMemory: readonly Forgery[] = [
  [
    'x0 is written',
    (run) => run.set('cpu', 'rd.value', last(run, 'cpu', 'rd.register', 0), 5),
    { tags: ['CPU-WRITE-SUM'], buses: ['memory'] },
  ],
  ['x0 begins with something', (run) => run.set('ram', 'initial', 0, 5), { tags: ['RAM-STARTS-ZERO'], buses: ['memory'] }],
  [
    'a load to x0 leaves something there',
    (run) => {
      const row = first(run.rowsWhere('memory', 'isDropped'))
      const cycle = (run.get('memory', 'timestamp', row) - 6n) / 4n
      run.set('memory', 'result', row, 9).set('cpu', 'rd.value', Number(cycle), 9)
    },
    { tags: ['MEM-RESULT'], buses: ['memory'] },
  ],
  [
    'a load to x0 is not dropped',
    (run) => {
      const row = first(run.rowsWhere('memory', 'isDropped'))
      run.set('memory', 'isDropped', row, 0)
    },
    { tags: ['MEM-RESULT'], buses: ['load-store'] },
  ],
  [
    'a register is read as it was earlier',
    (run) => {
      const row = first(run.executions('sub'))
      setPrevious(run, row, 'rs1', run.get('cpu', 'rs1.previous', row) - 4n)
    },
    { tags: [], buses: ['memory'] },
  ],
  [
    'a read follows itself in time, so that it may read anything',
    (run) => {
      // Everybody else's chain is made to skip it: what remains is a loop of one access.
      const row = first(run.executions('slti'))
      const register = run.get('cpu', 'rs1.register', row)
      const at = run.get('cpu', 'timestamp', row)
      const before = run.get('cpu', 'rs1.previous', row)
      for (let next = row; next <= halt; next++) {
        for (const name of ['rs1', 'rs2', 'rd'] as const) {
          if (run.get('cpu', `${name}.register`, next) === register && run.get('cpu', `${name}.previous`, next) === at)
            setPrevious(run, next, name, before)
        }
      }
      for (let cell = 0; cell < run.height('ram'); cell++) {
        if (
          run.get('ram', 'isRegister', cell) === 1n &&
          run.get('ram', 'address', cell) === register &&
          run.get('ram', 'timestamp', cell) === at
        )
          run.set('ram', 'timestamp', cell, before)
      }
      setPrevious(run, row, 'rs1', at)
    },
    { tags: [], buses: ['byte-pair'] },
  ],
  [
    'an access follows one that comes after it',
    (run) => {
      const row = first(run.executions('sub'))
      setPrevious(run, row, 'rs1', run.get('cpu', 'timestamp', row) + 5n)
    },
    { tags: [], buses: ['byte-pair', 'memory'] },
  ],
  [
    'a load finds another byte',
    (run) => {
      const row = first(run.rowsWhere('memory', 'is_lw'))
      run.add('memory', 'byte1', row, 1).add('memory', 'after', row, 256).add('memory', 'result', row, 256)
    },
    { tags: [], buses: ['load-store', 'memory'] },
  ],
  [
    'a load changes what it reads',
    (run) => run.add('memory', 'after', first(run.rowsWhere('memory', 'is_lw')), 1),
    { tags: ['MEM-STORE'], buses: ['memory'] },
  ],
  ['a store is lost', (run) => storeLost(run), { tags: ['MEM-STORE'], buses: ['memory'] }],
  [
    'a byte is stored to the other bytes of its word',
    (run) => run.add('memory', 'after', first(run.rowsWhere('memory', 'is_sb')), 1 << 24),
    { tags: ['MEM-STORE'], buses: ['memory'] },
  ],
  [
    'a byte is loaded without its sign',
    (run) => {
      const row = first(run.rowsWhere('memory', 'isNegative'))
      run
        .set('memory', 'isNegative', row, 0)
        .set(
          'memory',
          'result',
          row,
          run.get('memory', 'low', row) + 256n * (run.get('memory', 'is_lh', row) * run.get('memory', 'top', row)),
        )
    },
    { tags: [], buses: ['byte-and', 'load-store'] },
  ],
  ['a load is not aligned', (run) => shiftOffset(run, 'is_lw'), { tags: ['MEM-ALIGNED-WORD'], buses: ['load-store'] }],
  [
    'a half is loaded at an odd address',
    (run) => shiftOffset(run, 'is_lh'),
    { tags: ['MEM-ALIGNED-HALF', 'MEM-TOP-HALF', 'MEM-RESULT'], buses: ['load-store'] },
  ],
  [
    'a word is at an address between two words',
    (run) => {
      const row = first(run.rowsWhere('memory', 'is_lw'))
      run.add('memory', 'address', row, 1)
    },
    { tags: [], buses: ['load-store', 'memory'] },
  ],
  [
    'RAM has a word between two words',
    (run) => run.add('ram', 'address', ramRow(run, 'isZero'), 1),
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'memory begins with another value',
    (run) => run.set('ram', 'initial', ramRow(run, 'isZero'), 5),
    { tags: ['RAM-STARTS-ZERO'], buses: ['memory'] },
  ],
  [
    'the image begins with another value',
    (run) => run.add('ram', 'initial', ramRow(run, 'isImage'), 1),
    { tags: [], buses: ['image', 'memory'] },
  ],
  [
    'the private input begins with more than 32 bits',
    (run) => run.add('ram', 'initial', ramRow(run, 'isInput'), 2n ** 32n),
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'a word of the image is taken for private input',
    (run) => inRegion(run, ramRow(run, 'isImage'), 'isInput', BigInt(addressMap.inputStart), BigInt(addressMap.ramEnd - 4)),
    { tags: [], buses: ['half'] },
  ],
  [
    'the private input is said to lie where the image is',
    (run) => inRegion(run, ramRow(run, 'isImage'), 'isInput', BigInt(dataBase), BigInt(addressMap.ramEnd - 4)),
    { tags: [], buses: ['region'] },
  ],
  [
    'a word of the image is taken for one that begins as 0',
    (run) => {
      const row = ramRow(run, 'isImage')
      inRegion(run, row, 'isZero', run.get('ram', 'first', ramRow(run, 'isZero')), run.get('ram', 'last', ramRow(run, 'isZero')))
      run.set('ram', 'initial', row, 0)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'RAM has a word where nothing is: the null page',
    (run) => {
      const row = ramRow(run, 'isZero')
      run.set('ram', 'address', row, 0x100)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'RAM has a word above its end',
    (run) => {
      const row = ramRow(run, 'isInput')
      run.set('ram', 'address', row, BigInt(addressMap.ramEnd))
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'a word begins twice',
    (run) => {
      const row = ramRow(run, 'isZero')
      run.assign('ram', row + 1, {
        ...run.row('ram', row),
        stepLow: run.get('ram', 'stepLow', row + 1),
        isOrdered: run.get('ram', 'isOrdered', row + 1),
      })
      run.set('ram', 'stepLow', row, 0xffff)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'a register begins twice, the second time as RAM does',
    (run) => run.assign('ram', ramRow(run, 'isImage'), { isImage: 0, isRegister: 1 }),
    { tags: ['RAM-ORDERED', 'RAM-STARTS-ZERO'], buses: ['memory'] },
  ],
  [
    'addresses are listed after a gap',
    (run) => {
      const row = Math.max(...run.rowsWhere('ram', 'isInput'))
      run.assign('ram', row + 2, { isZero: 1, address: 0x20000 })
    },
    { tags: ['RAM-NO-GAP', 'RAM-ORDERED'], buses: ['half', 'region'] },
  ],
  ['the order is not shown', (run) => run.set('ram', 'isOrdered', ramRow(run, 'isZero'), 0), { tags: ['RAM-ORDERED'], buses: [] }],
]

function last(run: ForgedRun, table: MachineTableName, column: string, value: number): number {
  const rows = run.rowsWhere(table, column, value).filter((row) => row < halt && run.get('cpu', 'is_add', row) === 1n)
  const row = rows.at(-1)
  if (row === undefined) throw new RangeError(`${column} is never ${value}`)
  return row
}

function ramRow(run: ForgedRun, kind: string): number {
  return run.rowWhere('ram', kind)
}

function storeLost(run: ForgedRun): void {
  const row = first(run.rowsWhere('memory', 'is_sw'))
  const before = [0, 1, 2, 3].reduce((sum, index) => sum + (run.get('memory', `byte${index}`, row) << BigInt(8 * index)), 0n)
  run.set('memory', 'after', row, before)
}

/** As if the access were a byte further on. */
function shiftOffset(run: ForgedRun, flag: string): void {
  const row = first(run.rowsWhere('memory', flag))
  run.assign('memory', row, { isAt0: 0, isAt1: 1 }).add('memory', 'address', row, 1)
  run.set('memory', 'low', row, run.get('memory', 'byte1', row))
}

function inRegion(run: ForgedRun, row: number, kind: 'isInput' | 'isZero', from: bigint, to: bigint): void {
  const address = run.get('ram', 'address', row)
  run.assign('ram', row, {
    isImage: 0,
    [kind]: 1,
    first: from,
    last: to,
    aboveLow: BigInt.asUintN(16, address - from),
    belowLow: BigInt.asUintN(16, to - address),
    initialLow: BigInt.asUintN(16, run.get('ram', 'initial', row)),
  })
}

describe('a forgery of registers and memory is refused where', () => {
  it.each(registersAndMemory)('%s', (_name, forge, expected) => {
    expect(noticed(forge)).toEqual(expected)
  })
})
