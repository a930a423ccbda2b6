import { describe, expect, it } from 'vitest'
import { addressMap } from '../isa/address-map.ts'
import { dataBase, textBase } from '../isa/testing/make-elf.ts'
import type { MachineTableName } from '../tables/machine/machine-air.ts'
import { realFlags } from './dont-care.ts'
import { ForgedRun } from './forged-run.ts'
import { Mutator } from './mutations.ts'
import { everythingInput, everythingProgram } from './programs.ts'

const honest = ForgedRun.of({ program: everythingProgram(), input: everythingInput, maxLogPack: 9 })
const mutator = new Mutator(honest)
const halt = honest.rowWhere('cpu', 'isHalt')

/** The tags and buses that notice a forgery, when the cheater has counted lookups anew. */
function noticed(forge: (run: ForgedRun) => unknown): { tags: readonly string[]; buses: readonly string[] } {
  const run = honest.copy()
  forge(run)
  const { tags, buses } = run.settle().problems()
  return { tags, buses }
}

function first(rows: readonly number[]): number {
  const [row] = rows
  if (row === undefined) throw new RangeError('the program has no such row')
  return row
}

/** Sets when an access says the one before was, and the low half of the time since as it has to be. */
function setPrevious(run: ForgedRun, row: number, name: 'rs1' | 'rs2' | 'rd', previous: bigint): void {
  const at = run.get('cpu', 'timestamp', row) + { rs1: 0n, rs2: 1n, rd: 3n }[name]
  run.set('cpu', `${name}.previous`, row, previous).set('cpu', `${name}.since`, row, BigInt.asUintN(16, at - previous - 1n))
}

function setPublic(run: ForgedRun, index: number, value: bigint): void {
  run.publicValues[index] = value
}

type Forgery = readonly [string, (run: ForgedRun) => unknown, { tags: readonly string[]; buses: readonly string[] }]

const controlFlow: readonly Forgery[] = [
  ['pc is forged', (run) => run.add('cpu', 'pc', 20, 4), { tags: ['CPU-NEXT'], buses: ['program'] }],
  [
    'another instruction is executed',
    (run) => run.add('cpu', 'immediate', first(run.executions('xori')), 1),
    { tags: [], buses: ['alu', 'program'] },
  ],
  ['the entry is another', (run) => setPublic(run, 0, BigInt(textBase + 4)), { tags: [], buses: ['public'] }],
  ['it begins at another instruction', (run) => run.add('cpu', 'pc', 0, 4), { tags: ['CPU-NEXT'], buses: ['program', 'public'] }],
  ['the exit code is another', (run) => setPublic(run, 1, 8n), { tags: [], buses: ['public'] }],
  [
    'the halt returns another exit code',
    (run) => {
      run.add('cpu', 'rs2.value', halt, 1).add('cpu', 'rd.value', halt, 1)
      setPublic(run, 1, 8n)
    },
    { tags: [], buses: ['memory'] },
  ],
  ['the halt is skipped', (run) => run.set('cpu', 'isHalt', halt, 0), { tags: ['CPU-HALT-ENDS'], buses: ['public', 'system'] }],
  [
    'another call halts, too',
    (run) => run.set('cpu', 'isHalt', first(run.executions('ecall')), 1),
    { tags: ['CPU-HALT-ENDS', 'CPU-HALT-NUMBER'], buses: ['public', 'system'] },
  ],
  [
    'the run is cut at a call that does not halt',
    (run) => {
      const call = first(run.executions('ecall'))
      run.set('cpu', 'isHalt', call, 1)
      for (let row = call + 1; row <= halt; row++) for (const flag of [...(realFlags.cpu ?? []), 'isHalt']) run.set('cpu', flag, row, 0)
    },
    { tags: ['CPU-HALT-NUMBER'], buses: ['load-store', 'memory', 'public', 'system'] },
  ],
  [
    'an instruction follows the halt',
    (run) =>
      run.assign('cpu', halt + 1, {
        ...run.row('cpu', 10),
        pc: run.get('cpu', 'pc', halt + 1),
        timestamp: run.get('cpu', 'timestamp', halt + 1),
      }),
    { tags: ['CPU-HALT-ENDS'], buses: ['byte-pair', 'memory', 'program'] },
  ],
  [
    'the last row of the table is an instruction',
    (run) => run.set('cpu', 'is_add', run.height('cpu') - 1, 1),
    { tags: ['CPU-HALT-ENDS', 'CPU-HALT-LAST'], buses: ['byte-pair', 'memory', 'program'] },
  ],
  [
    'there is no instruction at all',
    (run) => {
      for (let row = 0; row <= halt; row++) for (const flag of [...(realFlags.cpu ?? []), 'isHalt']) run.set('cpu', flag, row, 0)
    },
    { tags: ['CPU-FIRST', 'CPU-TAKEN-ONLY', 'CPU-NEXT'], buses: ['alu', 'load-store', 'memory', 'public', 'system'] },
  ],
  [
    'an instruction has two classes',
    (run) => run.set('cpu', 'is_ecall', first(run.executions('xor')), 1),
    { tags: ['CPU-ONE-CLASS', 'CPU-HALT-ENDS'], buses: ['memory', 'program', 'system'] },
  ],
  [
    'a jump goes on behind it',
    (run) => run.set('cpu', 'isTaken', first(run.executions('jal')), 0),
    { tags: ['CPU-TAKEN-JAL', 'CPU-NEXT'], buses: [] },
  ],
  [
    'an addition jumps',
    (run) => run.set('cpu', 'isTaken', first(run.executions('lui')), 1),
    { tags: ['CPU-TAKEN-ONLY', 'CPU-NEXT'], buses: [] },
  ],
  ['jalr keeps an odd bit', (run) => run.set('cpu', 'isOdd', first(run.executions('jalr')), 0), { tags: ['CPU-NEXT'], buses: [] }],
  ['jalr clears a bit that is 0', (run) => run.set('cpu', 'isOdd', run.executions('jalr')[1] ?? 0, 1), { tags: ['CPU-NEXT'], buses: [] }],
  ['an addition has no carry', (run) => run.set('cpu', 'carry', first(run.rowsWhere('cpu', 'carry')), 0), { tags: ['CPU-ADD'], buses: [] }],
  [
    'a sum is not reduced',
    (run) => {
      const row = first(run.rowsWhere('cpu', 'carry'))
      run
        .set('cpu', 'carry', row, 0)
        .add('cpu', 'sum', row, 2n ** 32n)
        .add('cpu', 'rd.value', row, 2n ** 32n)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'time begins later',
    (run) => run.add('cpu', 'timestamp', 0, 4),
    { tags: ['CPU-TIME-START', 'CPU-TIME'], buses: ['byte-pair', 'memory'] },
  ],
  ['time stands still', (run) => run.add('cpu', 'timestamp', 5, -4), { tags: ['CPU-TIME'], buses: ['byte-pair', 'memory'] }],
]

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

const commitRow = honest.rowWhere('system', 'isFirstWord')

const systemCalls: readonly Forgery[] = [
  [
    'a hint has more than 32 bits',
    (run) => {
      const row = run.rowWhere('system', 'isRead')
      const cycle = Number((run.get('system', 'timestamp', row) - 4n) / 4n)
      run.add('system', 'result', row, 2n ** 32n).add('cpu', 'rd.value', cycle, 2n ** 32n)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'a call changes a0',
    (run) => run.add('system', 'result', run.rowWhere('system', 'isLog'), 1),
    { tags: ['SYS-KEEPS'], buses: ['system'] },
  ],
  [
    'a call is another',
    (run) => run.assign('system', run.rowWhere('system', 'isLog'), { isLog: 0, isRequest: 1 }),
    { tags: [], buses: ['system'] },
  ],
  ['the output is another', (run) => setPublic(run, 4, (run.publicValues[4] ?? 0n) + 1n), { tags: [], buses: ['public'] }],
  ['there is said to be no output', (run) => run.publicValues.fill(0n, 2), { tags: [], buses: ['public'] }],
  [
    'the committed words are others',
    (run) => {
      run.add('system', 'word', commitRow + 1, 1)
      setPublic(run, 4, (run.publicValues[4] ?? 0n) + 1n)
    },
    { tags: [], buses: ['memory'] },
  ],
  [
    'other memory is committed',
    (run) => run.add('system', 'argument', commitRow + 3, 4),
    { tags: ['SYS-COMMIT-ARGUMENT'], buses: ['memory'] },
  ],
  [
    'words are committed at another time',
    (run) => run.add('system', 'timestamp', commitRow + 3, 4),
    { tags: ['SYS-COMMIT-TIME'], buses: ['byte-pair', 'memory'] },
  ],
  [
    'a commit ends early',
    (run) => {
      run.set('system', 'isLastWord', commitRow + 3, 1)
      for (let row = commitRow + 4; row < commitRow + 8; row++) run.assign('system', row, { isCommit: 0, isLastWord: 0 })
    },
    { tags: ['SYS-POSITION-LAST'], buses: ['memory', 'public'] },
  ],
  ['a commit does not end', (run) => run.set('system', 'isLastWord', commitRow + 7, 0), { tags: ['SYS-COMMIT-NEXT'], buses: [] }],
  [
    'a commit begins in the middle',
    (run) => run.assign('system', commitRow, { isCommit: 0, isFirstWord: 0 }),
    { tags: ['SYS-COMMIT-BEGINS'], buses: ['memory', 'public', 'system'] },
  ],
  [
    'a word is committed twice',
    (run) => run.set('system', 'position', commitRow + 5, 4),
    { tags: ['SYS-COMMIT-POSITION'], buses: ['memory', 'public'] },
  ],
  [
    'a second commit is made, which no cycle asked for',
    (run) => {
      for (let word = 0; word < 8; word++) run.assign('system', commitRow + 8 + word, run.row('system', commitRow + word))
    },
    { tags: [], buses: ['memory', 'public', 'system'] },
  ],
  [
    'another call commits as well, in the words of the first',
    (run) => {
      const row = run.rowWhere('system', 'isLog')
      run.assign('system', row, { isLog: 0, isCommit: 1, isFirstWord: 1, isLastWord: 1 })
    },
    { tags: ['SYS-POSITION-LAST'], buses: ['byte-pair', 'memory', 'public', 'system'] },
  ],
]

const paddingRows: readonly Forgery[] = [
  [
    'cpu halts again',
    (run) => run.set('cpu', 'isHalt', halt + 2, 1),
    { tags: ['CPU-HALT-ECALL', 'CPU-HALT-ENDS', 'CPU-HALT-NUMBER'], buses: ['public', 'system'] },
  ],
  ['alu has a result that nobody asked for', (run) => run.set('alu', 'is_and', run.height('alu') - 1, 1), { tags: [], buses: ['alu'] }],
  ['alu has a sign', (run) => run.set('alu', 'isNegativeA', run.height('alu') - 1, 1), { tags: ['ALU-UNSIGNED-A'], buses: [] }],
  [
    'muldiv has a result that nobody asked for',
    (run) => run.set('muldiv', 'is_mul', run.height('muldiv') - 1, 1),
    { tags: ['MD-PRODUCT-UNIQUE'], buses: ['alu'] },
  ],
  [
    'muldiv divides by zero',
    (run) => run.set('muldiv', 'isByZero', run.height('muldiv') - 1, 1),
    { tags: ['MD-BY-ZERO-DIVISION', 'MD-BY-ZERO-QUOTIENT', 'MD-BOUNDED'], buses: [] },
  ],
  [
    'muldiv bounds a remainder',
    (run) => run.set('muldiv', 'isBounded', run.height('muldiv') - 1, 1),
    { tags: ['MD-BOUNDED'], buses: ['half'] },
  ],
  [
    'memory drops something',
    (run) => run.set('memory', 'isDropped', run.height('memory') - 1, 1),
    { tags: ['MEM-DROPPED-LOAD'], buses: [] },
  ],
  [
    'memory stores something',
    (run) => run.set('memory', 'is_sw', run.height('memory') - 1, 1),
    { tags: ['MEM-ONE-OFFSET'], buses: ['byte-pair', 'load-store'] },
  ],
  ['memory has an offset', (run) => run.set('memory', 'isAt2', run.height('memory') - 1, 1), { tags: ['MEM-ONE-OFFSET'], buses: [] }],
  [
    'system begins a commit',
    (run) => run.set('system', 'isFirstWord', run.height('system') - 1, 1),
    { tags: ['SYS-FIRST-COMMIT', 'SYS-COMMIT-BEGINS', 'SYS-COMMIT-POSITION'], buses: ['system'] },
  ],
  [
    'system ends a commit',
    (run) => run.set('system', 'isLastWord', run.height('system') - 1, 1),
    { tags: ['SYS-LAST-COMMIT', 'SYS-POSITION-LAST', 'SYS-COMMIT-WHOLE'], buses: [] },
  ],
  [
    'ram orders its last row',
    (run) => run.set('ram', 'isOrdered', run.height('ram') - 1, 1),
    { tags: ['RAM-ORDERED-LAST'], buses: ['half'] },
  ],
  [
    'ram orders a row before the last',
    (run) => run.set('ram', 'isOrdered', run.height('ram') - 3, 1),
    { tags: ['RAM-ORDERED'], buses: ['half'] },
  ],
]

describe.each([
  ['the order of execution', controlFlow],
  ['registers and memory', registersAndMemory],
  ['system calls', systemCalls],
  ['padding rows', paddingRows],
])('a forgery of %s is refused where', (_, forgeries) => {
  it.each(forgeries)('%s', (_name, forge, expected) => {
    expect(noticed(forge)).toEqual(expected)
  })
})

describe('a multiplicity that is no boolean is refused', () => {
  const flags = (['cpu', 'alu', 'muldiv', 'memory', 'system', 'ram'] as const).flatMap((table) =>
    Object.keys(honest.row(table, 0))
      .filter(
        (column) =>
          /^is[A-Z_]/.test(column) &&
          !['isNegative', 'isNegativeA', 'isNegativeB', 'isNegative_a', 'isNegative_b', 'isNonzero', 'isLowNonzero', 'isNegated'].includes(
            column,
          ),
      )
      .map((column) => [table, column] as const),
  )
  it.each(flags)('in %s: %s', (table, column) => {
    for (const row of [0, 1, honest.height(table) - 1]) {
      for (const value of [2n, -1n, 1n << 32n]) {
        const delta = value - honest.get(table, column, row)
        expect(mutator.noticedBy({ table, column, row, delta }), `row ${row}: ${value}`).toBe('constraint')
      }
    }
  })
})
