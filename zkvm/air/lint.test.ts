import { describe, expect, it } from 'vitest'
import { defaultParameters, maxSegments } from '../stark/parameters.ts'
import { fibonacciAir } from '../stark/testing/fibonacci-air.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import type { Air } from './air.ts'
import type { Bus } from './bus.ts'
import { lintAir, lonelyBuses } from './lint.ts'
import { defineTable, type TableBuilder } from './table.ts'

const limits = { maxLogHeight: defaultParameters.maxLogHeight, maxSegments }

/** Multiplicities that are boolean for a reason that constraints alone do not show. */
const excused: Readonly<Record<string, string>> = {
  'KECCAK-STATE': 'the schedule, in which the row is looked up, has no row that is both input and output',
  'A256-CALL': 'A256-ONE sums flags up to 0 or 1, and the first row of 16 is a periodic column',
  'A256-RIGHT-':
    'A256-RIGHT-THERE sums up products of flags, of which one is set, and periodic columns, of which one is 1 on the upper rows',
  'A256-TARGET-': 'by A256-LOWER, isMulModLower is not 1 where isMulMod is not',
  'A256-AFTER-GAP': 'by A256-LOWER, isMulModLower is 0 or 1 and not 1 where isMulMod is not',
}

describe.each([
  ['the machine', machineAir],
  ['the Fibonacci sequence', fibonacciAir],
])('the AIR of %s', (_, air) => {
  it('uses every column, keeps to degree 3, sends booleans, and has one id a bus', () => {
    const findings = lintAir(air, limits).filter((finding) => !Object.keys(excused).some((tag) => finding.includes(tag)))
    expect(findings).toEqual([])
  })

  it('has a sender and a receiver on every bus', () => {
    expect(lonelyBuses(air)).toEqual([])
  })
})

const bus: Bus = { name: 'some', id: 1, width: 1 }

function airOf(define: (b: TableBuilder) => void, ...others: ((b: TableBuilder) => void)[]): Air {
  const tables = [define, ...others].map((each, index) => defineTable(`table${index}`, each))
  return { name: 'linted', tables, publicInteractions: () => [] }
}

describe('the lint', () => {
  it.each<[string, Air, string]>([
    [
      'a column that nothing uses',
      airOf((b) => {
        b.main('idle')
        b.bool('T', b.main('flag'))
      }),
      'nothing uses the column idle',
    ],
    ['an earlier row', airOf((b) => b.zero('T', b.main('x').at(-1))), '1 rows further up'],
    ['a multiplicity that is not constrained', airOf((b) => b.send('S', bus, [b.main('x')], b.main('flag'))), 'multiplicity of S'],
    [
      'a difference that may be −1',
      airOf((b) => {
        const [valid, special] = [b.main('valid'), b.main('special')]
        b.bool('V', valid)
        b.bool('P', special)
        b.send('S', bus, [valid], valid.sub(special))
      }),
      'multiplicity of S',
    ],
    [
      'a sum that may be 2',
      airOf((b) => {
        const [one, other] = [b.main('one'), b.main('other')]
        b.bool('V', one)
        b.bool('P', other)
        b.send('S', bus, [one], one.add(other))
      }),
      'multiplicity of S',
    ],
    ['a count that is sent', airOf((b) => b.send('S', bus, [b.fixed('value')], b.main('count'))), 'multiplicity of S'],
    [
      'two buses with one id',
      airOf((b) => {
        b.send('S', bus, [b.main('x')], 1)
        b.send('R', { ...bus, name: 'other' }, [b.main('y')], 1)
      }),
      'has the id of',
    ],
    [
      'two buses with one name',
      airOf((b) => {
        b.send('S', bus, [b.main('x')], 1)
        b.send('R', { ...bus, id: 2 }, [b.main('y')], 1)
      }),
      'two buses are called some',
    ],
  ])('finds %s', (_, air, finding) => {
    expect(lintAir(air, limits).join('\n')).toContain(finding)
  })

  it('takes a difference of which a constraint keeps −1 away', () => {
    const air = airOf((b) => {
      const [valid, special] = [b.main('valid'), b.main('special')]
      b.bool('V', valid)
      b.bool('P', special)
      b.zero('I', special.mul(valid.not()))
      b.send('S', bus, [valid], valid.sub(special))
    })
    expect(lintAir(air, limits)).toEqual([])
  })

  it('finds more rows than the prime allows', () => {
    expect(lintAir(fibonacciAir, { maxLogHeight: 63, maxSegments: 1 }).join()).toContain('too many rows')
  })

  it('finds buses that only one side uses', () => {
    expect(lonelyBuses(airOf((b) => b.send('S', bus, [b.main('x')], 1)))).toEqual(['some: nobody receives'])
    expect(lonelyBuses(airOf((b) => b.receive('R', bus, [b.main('x')], 1)))).toEqual(['some: nobody sends'])
  })
})
