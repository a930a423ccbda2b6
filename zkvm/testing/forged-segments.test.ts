import { describe, expect, it } from 'vitest'
import { space } from '../tables/buses.ts'
import type { ForgedRun } from './forged-run.ts'
import { ForgedSegments } from './forged-segments.ts'
import { everythingInput, everythingProgram, registers, segmentsProgram, segmentWords } from './programs.ts'

const segmentLogHeight = 6
const honest = ForgedSegments.of({ program: segmentsProgram(), input: Uint8Array.of(9), segmentLogHeight, maxLogPack: 9 })
const last = honest.segments.length - 1
/** The segment that reads what is read after the loop. */
const reading = honest.segments.findIndex(
  (segment, index) => index > 0 && segment.rowsWhere('ram', 'address', segmentWords.early).length > 0,
)

type Forgery = readonly [string, (run: ForgedSegments) => unknown, { readonly tags: readonly string[]; readonly buses: readonly string[] }]

/** The row of `ram` that lists a word. */
function wordRow(segment: ForgedRun, address: number): number {
  return rowOf(segment, BigInt(address), space.ram)
}

function rowOf(segment: ForgedRun, address: bigint, where: bigint): number {
  const kinds = where === space.ram ? ['isImage', 'isInput', 'isZero', 'isContinuedWord'] : ['isRegister', 'isContinuedRegister']
  const row = segment.rowsWhere('ram', 'address', address).find((at) => kinds.some((kind) => segment.get('ram', kind, at) === 1n))
  if (row === undefined) throw new RangeError(`the segment does not list ${address}`)
  return row
}

/** The first row past the last instruction. */
function exitRow(segment: ForgedRun): number {
  return segment.rowWhere('cpu', 'isExit')
}

function setWord(run: ForgedSegments, index: number, address: number, cells: Readonly<Record<string, bigint | number>>): void {
  const segment = run.at(index)
  segment.assign('ram', wordRow(segment, address), cells)
}

function finalOf(run: ForgedSegments, index: number, address: number): bigint {
  const segment = run.at(index)
  return segment.get('ram', 'final', wordRow(segment, address))
}

const noticed = (forge: (run: ForgedSegments) => unknown) => {
  const run = honest.copy()
  forge(run)
  const { tags, buses } = run.settle().problems()
  return { tags, buses }
}

const order: readonly Forgery[] = [
  ['a segment is left out', (run) => run.segments.splice(1, 1), { tags: [], buses: ['carried', 'half', 'pc'] }],
  ['the last segment is left out', (run) => run.segments.pop(), { tags: [], buses: ['carried', 'pc', 'public'] }],
  ['the first segment is left out', (run) => run.segments.shift(), { tags: [], buses: ['carried', 'half', 'pc'] }],
  ['a segment comes twice', (run) => run.segments.splice(1, 0, run.at(1)), { tags: [], buses: ['carried', 'half', 'pc'] }],
  [
    'the last segment comes twice, so that it halts twice',
    (run) => run.segments.push(run.at(last)),
    { tags: [], buses: ['carried', 'half', 'pc', 'public'] },
  ],
  ['segments change places', (run) => run.segments.splice(1, 2, run.at(2), run.at(1)), { tags: [], buses: ['carried', 'half', 'pc'] }],
  ['a segment goes on elsewhere', (run) => run.at(1).add('cpu', 'pc', exitRow(run.at(1)), 4), { tags: ['CPU-NEXT'], buses: ['pc'] }],
  [
    'a segment says that another one goes on',
    (run) =>
      run
        .at(1)
        .assign('cpu', exitRow(run.at(1)), { isExit: 0 })
        .set('cpu', 'isExit', exitRow(honest.at(1)) + 1, 1),
    { tags: ['CPU-ENDS'], buses: ['pc'] },
  ],
  [
    'a segment does not say where it goes on',
    (run) => run.at(1).set('cpu', 'isExit', exitRow(run.at(1)), 0),
    { tags: ['CPU-ENDS'], buses: ['pc'] },
  ],
  ['a segment says it twice', (run) => run.at(1).set('cpu', 'isExit', exitRow(run.at(1)) + 1, 1), { tags: ['CPU-ENDS'], buses: ['pc'] }],
  [
    'a segment says it as 2',
    (run) => run.at(1).set('cpu', 'isExit', exitRow(run.at(1)), 2),
    { tags: ['CPU-EXIT-BOOL', 'CPU-ENDS'], buses: ['pc'] },
  ],
  ['an instruction says it, too', (run) => run.at(1).set('cpu', 'isExit', 5, 1), { tags: ['CPU-EXIT-IDLE', 'CPU-ENDS'], buses: ['pc'] }],
  [
    'the last segment goes on',
    (run) => run.at(last).set('cpu', 'isExit', run.at(last).rowWhere('cpu', 'isHalt') + 1, 1),
    { tags: ['CPU-ENDS'], buses: ['pc'] },
  ],
  [
    'a segment halts in the middle of the run',
    (run) => {
      const exit = exitRow(run.at(1))
      run
        .at(1)
        .set('cpu', 'isExit', exit, 0)
        .set('cpu', 'isHalt', exit - 1, 1)
    },
    { tags: ['CPU-HALT-ECALL', 'CPU-HALT-NUMBER', 'CPU-HALT-KEEPS'], buses: ['pc', 'public', 'system'] },
  ],
  [
    'an instruction in front of the exit is left out',
    (run) => {
      const exit = exitRow(run.at(1))
      const { pc = 0n, timestamp = 0n } = run.at(1).row('cpu', exit - 1)
      run
        .at(1)
        .assign('cpu', exit - 1, { ...run.at(1).row('cpu', exit), pc, timestamp })
        .set('cpu', 'isExit', exit, 0)
    },
    { tags: [], buses: ['load-store', 'memory', 'pc'] },
  ],
  [
    'the output is committed in another segment, too',
    (run) => {
      const from = run.at(last)
      const first = from.rowWhere('system', 'isFirstWord')
      for (let word = 0; word < 8; word++) run.at(1).assign('system', word, from.row('system', first + word))
    },
    { tags: [], buses: ['memory', 'public', 'system'] },
  ],
  [
    'a result is that of another segment',
    (run) => {
      const [to, from] = [run.at(1), run.at(2)]
      const row = from.rowWhere('alu', 'is_ne')
      to.assign('alu', to.height('alu') - 1, from.row('alu', row))
      from.assign('alu', row, from.row('alu', from.height('alu') - 1))
    },
    { tags: [], buses: ['alu'] },
  ],
]

const carried: readonly Forgery[] = [
  [
    'a word begins anew in a later segment',
    (run) => setWord(run, 1, segmentWords.constant, { isContinuedWord: 0, isZero: 1 }),
    { tags: ['RAM-FIRST-SEGMENT', 'RAM-STARTS-ZERO'], buses: ['carried', 'half', 'region'] },
  ],
  [
    'a register begins anew in a later segment',
    (run) => {
      const segment = run.at(1)
      segment.assign('ram', rowOf(segment, BigInt(registers.t1), space.register), { isContinuedRegister: 0, isRegister: 1 })
    },
    { tags: ['RAM-FIRST-SEGMENT', 'RAM-STARTS-ZERO'], buses: ['carried'] },
  ],
  [
    'a word of the image begins in a later segment',
    (run) => setWord(run, reading, segmentWords.image, { isContinuedWord: 0, isImage: 1, from: 0 }),
    { tags: ['RAM-FIRST-SEGMENT'], buses: ['carried', 'half'] },
  ],
  [
    'a word of the input begins in a later segment, as another',
    (run) => setWord(run, last, segmentWords.input, { isContinuedWord: 0, isInput: 1, initial: 5 }),
    { tags: ['RAM-FIRST-SEGMENT'], buses: ['carried', 'half', 'memory', 'region'] },
  ],
  [
    'a segment takes another value than the one before left',
    (run) => setWord(run, 1, segmentWords.changed, { initial: 1 }),
    { tags: [], buses: ['carried', 'memory'] },
  ],
  [
    'a segment leaves another value than it ends with',
    (run) => setWord(run, 1, segmentWords.changed, { final: 1 }),
    { tags: [], buses: ['carried', 'memory'] },
  ],
  [
    'a segment takes what an earlier one left, though another has changed it since',
    (run) => setWord(run, 2, segmentWords.changed, { initial: finalOf(run, 0, segmentWords.changed), from: 1 }),
    { tags: [], buses: ['carried', 'memory'] },
  ],
  [
    'a value is taken twice, and another one by nobody',
    (run) => setWord(run, 2, segmentWords.constant, { from: 1 }),
    { tags: [], buses: ['carried'] },
  ],
  [
    'a value is taken twice, and nobody leaves another one',
    (run) => {
      setWord(run, 2, segmentWords.constant, { from: 1 })
      setWord(run, 1, segmentWords.constant, { isKept: 0 })
    },
    { tags: [], buses: ['carried'] },
  ],
  [
    'a value is left that nobody takes',
    (run) => setWord(run, last, segmentWords.constant, { isKept: 1 }),
    { tags: [], buses: ['carried'] },
  ],
  [
    'a value is left twice',
    (run) => setWord(run, 1, segmentWords.constant, { isKept: 2 }),
    { tags: ['RAM-KEPT-BOOL'], buses: ['carried'] },
  ],
  [
    'a value comes from a later segment',
    (run) => {
      // A loop of the last two segments, without a beginning.
      setWord(run, last - 2, segmentWords.constant, { isKept: 0 })
      setWord(run, last - 1, segmentWords.constant, { from: last + 1 })
      setWord(run, last, segmentWords.constant, { isKept: 1 })
    },
    { tags: [], buses: ['half'] },
  ],
  [
    'a value comes from the segment itself',
    (run) => {
      setWord(run, last - 1, segmentWords.constant, { from: last })
      setWord(run, last, segmentWords.constant, { from: last - 1 })
    },
    { tags: [], buses: ['half'] },
  ],
  [
    'an address is listed twice, once from each of two segments',
    (run) => {
      const segment = run.at(1)
      const row = wordRow(segment, segmentWords.changed)
      segment.assign('ram', row + 1, segment.row('ram', row))
    },
    { tags: ['RAM-ORDERED'], buses: ['carried', 'half', 'memory'] },
  ],
  [
    'padding leaves a value',
    (run) => run.at(1).set('ram', 'isKept', run.at(1).height('ram') - 1, 1),
    { tags: ['RAM-KEPT-IDLE'], buses: ['carried'] },
  ],
  [
    'padding takes a value',
    (run) => run.at(1).set('ram', 'isContinuedWord', run.at(1).height('ram') - 1, 1),
    { tags: ['RAM-NO-GAP', 'RAM-ORDERED'], buses: ['carried'] },
  ],
  [
    'the first segment takes a value',
    (run) => {
      run.at(0).assign('ram', wordRow(run.at(0), segmentWords.image), { isImage: 0, isContinuedWord: 1, from: 0 })
    },
    { tags: [], buses: ['carried'] },
  ],
  [
    'a register is taken for a word',
    (run) => {
      const segment = run.at(1)
      segment.assign('ram', rowOf(segment, BigInt(registers.t2), space.register), { isContinuedRegister: 0, isContinuedWord: 1 })
    },
    { tags: ['RAM-ORDERED'], buses: ['carried', 'memory'] },
  ],
  [
    'an address is not listed by the first segment',
    (run) => {
      const row = wordRow(run.at(0), segmentWords.input)
      run
        .at(0)
        .assign('ram', row, run.at(0).row('ram', run.at(0).height('ram') - 1))
        .set('ram', 'isOrdered', row - 1, 0)
    },
    { tags: [], buses: ['carried'] },
  ],
]

describe('a run in segments', () => {
  it('satisfies the tables and balances the buses, each segment its own and all together those of the run', () => {
    expect(honest.segments.length).toBe(5)
    expect(honest.copy().problems()).toEqual({ tags: [], buses: [], tuples: [] })
    const everything = ForgedSegments.of({ program: everythingProgram(), input: everythingInput, segmentLogHeight, maxLogPack: 9 })
    expect(everything.segments.length).toBeGreaterThan(2)
    expect(everything.problems()).toEqual({ tags: [], buses: [], tuples: [] })
  })

  it('carries what segments in between do not touch', () => {
    const reader = honest.at(reading)
    expect(reader.get('ram', 'from', wordRow(reader, segmentWords.early))).toBe(1n)
    expect(() => wordRow(honest.at(reading - 1), segmentWords.early)).toThrow(RangeError)
  })
})

describe('a forgery of the order of segments is refused where', () => {
  it.each(order)('%s', (_name, forge, expected) => {
    expect(noticed(forge)).toEqual(expected)
  })
})

describe('a forgery of what passes between segments is refused where', () => {
  it.each(carried)('%s', (_name, forge, expected) => {
    expect(noticed(forge)).toEqual(expected)
  })
})
