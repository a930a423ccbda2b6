import { describe, expect, it } from 'vitest'
import { type Forgery, halt, honest, noticed, setPublic } from './forgery.ts'
import { Mutator } from './mutations.ts'

const mutator = new Mutator(honest)

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
    { tags: ['CPU-HALT-ECALL', 'CPU-ENDS', 'CPU-HALT-NUMBER'], buses: ['public', 'system'] },
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
