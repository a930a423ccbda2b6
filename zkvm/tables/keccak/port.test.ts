import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { imbalances, violations } from '../../air/check.ts'
import { loadProgram } from '../../isa/elf.ts'
import { assemble, dataBase } from '../../isa/testing/make-elf.ts'
import { machineAir, machineTableNames } from '../machine/machine-air.ts'
import { MachineProgram } from '../machine/machine-program.ts'
import { RunPlan } from '../machine/run-plan.ts'
import { encodePublicValues } from '../public-values.ts'
import { ChangedTable, range } from '../testing/changed-table.ts'
import { rateWords, stateWords } from './lanes.ts'
import { keccakPortTable } from './port-air.ts'

const [zero, t0, a0, a1] = [0, 5, 10, 11]

interface Call {
  readonly number: 16 | 17
  /** In bytes, in the data. */
  readonly state: number
  readonly block?: number
}

const dataWords = 120
/** Checking rows takes a while where other tests run as well. */
const timeoutMs = 120_000

/** A run that makes these calls on data that differs everywhere, and then loads all of it: what was written is what the emulator wrote. */
function run(calls: readonly Call[]) {
  const data = new Uint8Array(Uint32Array.from({ length: dataWords }, (_, index) => Math.imul(index + 1, 0x0123_4567) >>> 0).buffer)
  const elf = assemble((code) => {
    for (const { number, state, block = 0 } of calls)
      code
        .li(a0, dataBase + state)
        .li(a1, dataBase + block)
        .ecall(number)
    code.li(a0, dataBase)
    for (const index of range(0, dataWords)) code.emit('lw', { rd: t0, rs1: a0, imm: 4 * index })
    code.ecall(1).emit('addi', { rd: a0, rs1: zero, imm: 0 }).halt(0)
  }, data)
  const program = new MachineProgram(loadProgram(elf))
  const plan = new RunPlan({ program, input: new Uint8Array(), maxCycles: 10_000, maxLogPack: 5, maxSegmentLogHeight: 20 })
  const fixed = program.fixedColumns()
  const values = plan.traces(0).map((trace, index) => ({ ...trace, fixed: fixed[index]?.values ?? new BigUint64Array() }))
  return { values, publicValues: encodePublicValues(plan.publicValues) }
}

function portOf({ values }: ReturnType<typeof run>) {
  const port = values[machineTableNames.indexOf('keccakPort')]
  if (port === undefined) throw new RangeError('the machine has a port')
  return port
}

describe('the port of the permutations', () => {
  it.each<[string, readonly Call[]]>([
    ['no call', []],
    ['a permutation', [{ number: 16, state: 0 }]],
    ['an absorbed block', [{ number: 17, state: 0, block: 4 * stateWords }]],
    [
      'calls that go on from each other',
      [
        { number: 17, state: 8, block: 220 },
        { number: 16, state: 8 },
        { number: 17, state: 220, block: 8 },
      ],
    ],
    ['a block that is the state', [{ number: 17, state: 0, block: 0 }]],
    ['a block that begins within the state', [{ number: 17, state: 0, block: 40 }]],
    ['a block that ends within the state', [{ number: 17, state: 40, block: 0 }]],
  ])('proves %s', (_, calls) => {
    const traced = run(calls)
    expect(violations(keccakPortTable, portOf(traced))).toEqual([])
    expect(imbalances(machineAir, traced.values, traced.publicValues)).toEqual([])
  })
})

describe('a cheater who calls the permutation', () => {
  let honest: ReturnType<typeof portOf>
  beforeAll(() => {
    honest = portOf(
      run([
        { number: 17, state: 0, block: 4 * stateWords },
        { number: 16, state: 0 },
      ]),
    )
  })
  const near = (row: number): number[] => [row, row - 1, row - (row % stateWords) + stateWords - 1]
  const changed = (): ChangedTable => new ChangedTable({ table: keccakPortTable, values: honest, near })
  const whole = range(0, stateWords)

  it('cannot use another pointer or time', () => {
    for (const [name, buses] of [
      ['statePointer', ['memory', 'system']],
      ['blockPointer', ['memory']],
      ['timestamp', ['byte-pair', 'half', 'keccak-state', 'memory', 'system']],
    ] as const) {
      const table = changed()
      table.add(name, whole, 4n)
      const noticed = table.noticed()
      expect(noticed.tags).toEqual([])
      expect(buses).toEqual(expect.arrayContaining(noticed.buses))
      expect(noticed.buses).toContain('memory')
      const within = changed()
      within.add(name, range(20, 30), 4n)
      expect(within.noticed().tags).toEqual([`PORT-SAME-${name}`])
    }
  })

  it('cannot make another call of it', () => {
    const table = changed()
    table.set('isAbsorb', 0, 0n)
    expect(table.noticed().tags).toEqual(['PORT-BLOCK-FIRST', 'PORT-SAME-isAbsorb'])
    const silent = changed()
    silent.add('isAbsorb', whole, -1n)
    silent.add('hasBlock', range(0, rateWords), -1n)
    silent.set('isBlockEnd', rateWords - 1, 0n)
    expect(silent.noticed()).toEqual({ tags: [], buses: expect.arrayContaining(['keccak-state', 'memory', 'system']) })
  })

  it('cannot absorb a shorter or a longer block', () => {
    const shorter = changed()
    shorter.set('hasBlock', rateWords - 1, 0n)
    shorter.set('isBlockEnd', rateWords - 1, 0n)
    shorter.set('isBlockEnd', rateWords - 2, 1n)
    expect(shorter.noticed().tags).toEqual(['PORT-BLOCK-END'])
    const dropped = changed()
    dropped.set('hasBlock', 7, 0n)
    expect(dropped.noticed().tags).toEqual(['PORT-BLOCK'])
    const longer = changed()
    longer.set('isBlockEnd', rateWords - 1, 0n)
    longer.add('hasBlock', range(rateWords, stateWords - rateWords), 1n)
    expect(longer.noticed().tags).toEqual(['PORT-BLOCK-ENDED', 'PORT-STATE-BYTES'])
  })

  it('cannot leave words out', () => {
    const table = changed()
    table.set('isLast', stateWords - 2, 1n)
    expect(table.noticed().tags).toEqual(['PORT-BEGINS', 'PORT-POSITION-LAST'])
    const skipped = changed()
    skipped.add('position', range(10, 40), 1n)
    expect(skipped.noticed().tags).toEqual(['PORT-BLOCK-END', 'PORT-POSITION', 'PORT-POSITION-LAST'])
    const late = changed()
    late.add('position', whole, 1n)
    expect(late.noticed().tags).toEqual(['PORT-BLOCK-END', 'PORT-POSITION-FIRST', 'PORT-POSITION-LAST'])
  })

  it('cannot permute other words than there are, or write others than came out', () => {
    const before = changed()
    before.add('before', [stateWords + 3], 1n)
    expect(before.noticed()).toEqual({ tags: [], buses: ['keccak-state', 'memory'] })
    const absorbing = changed()
    absorbing.add('before', [3], 1n)
    expect(absorbing.noticed().tags).toEqual(['PORT-STATE-BYTES'])
    const after = changed()
    after.add('after', [3], 1n)
    expect(after.noticed()).toEqual({ tags: [], buses: ['keccak-state', 'memory'] })
    const exchanged = changed()
    exchanged.add('after', [3], 1n)
    exchanged.add('after', [4], -1n)
    expect(exchanged.noticed()).toEqual({ tags: [], buses: ['keccak-state', 'memory'] })
  })

  it('cannot xor another block', () => {
    const block = changed()
    block.add('block2', [5], 1n)
    expect(block.noticed()).toEqual({ tags: [], buses: ['byte-and', 'keccak-state', 'memory'] })
    const conjunction = changed()
    conjunction.add('and2', [5], 1n)
    expect(conjunction.noticed()).toEqual({ tags: [], buses: ['byte-and', 'keccak-state'] })
    const carried = changed()
    carried.add('state0', [5], 256n)
    carried.add('state1', [5], -1n)
    expect(carried.noticed()).toEqual({ tags: [], buses: ['byte-and'] })
  })

  it('cannot read what is not there yet', () => {
    for (const name of ['state', 'block', 'argument']) {
      const table = changed()
      table.add(`${name}.previous`, [0], 100n)
      expect(table.noticed().buses).toContain('memory')
      const since = changed()
      since.add(`${name}.since`, [0], 1n)
      expect(since.noticed()).toEqual({ tags: [], buses: ['byte-pair', 'half'] })
    }
  })

  it('cannot have a call in flight at the last row', () => {
    const columns = keccakPortTable.mainColumns.length
    const height = 2 ** honest.logHeight
    const cut = new BigUint64Array(32 * columns)
    for (const column of range(0, columns)) cut.set(honest.main.subarray(column * height, column * height + 32), column * 32)
    const tags = violations(keccakPortTable, { logHeight: 5, main: cut, fixed: new BigUint64Array() }).map(({ tag }) => tag)
    expect([...new Set(tags)]).toEqual(expect.arrayContaining(['PORT-WHOLE', 'PORT-CONTINUES']))
  })

  it('cannot do anything in idle rows', () => {
    const idle = 2 * stateWords + 3
    for (const [name, tags] of [
      ['isFirst', ['PORT-IDLE-isFirst']],
      ['isLast', ['PORT-IDLE-isLast']],
      ['isAbsorb', ['PORT-IDLE-isAbsorb']],
      ['hasBlock', ['PORT-BLOCK-IDLE']],
      ['isReal', ['PORT-BEGINS']],
    ] as const) {
      const table = changed()
      table.add(name, [idle], 1n)
      expect(table.noticed().tags, name).toEqual(expect.arrayContaining([...tags]))
    }
  })

  /** Read by nobody where there is no block, or no first row of one. */
  const isIdle = (name: string, row: number): boolean => {
    const isAbsorbing = row < stateWords
    if (/^argument\./.test(name)) return row !== 0
    if (/^(block\.|block\d|and\d|state\d)/.test(name)) return !isAbsorbing || row >= rateWords
    return false
  }

  it(
    'is noticed whatever cell that matters is changed',
    () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...keccakPortTable.mainColumns),
          fc.integer({ min: 0, max: 2 * stateWords - 1 }),
          fc.constantFrom(1n, 2n, -1n, 2n ** 32n),
          (name, row, difference) => {
            fc.pre(!isIdle(name, row))
            const table = changed()
            table.add(name, [row], difference)
            const { tags, buses } = table.noticed()
            expect(tags.length + buses.length, `${name} in row ${row}`).toBeGreaterThan(0)
          },
        ),
        { numRuns: 500 },
      )
    },
    timeoutMs,
  )
})
