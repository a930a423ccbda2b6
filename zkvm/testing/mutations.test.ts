import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modulus } from '../field/goldilocks.ts'
import { type MachineTableName, machineTableNames, machineTables } from '../tables/machine/machine-air.ts'
import { appliesTo, dontCares, realFlags } from './dont-care.ts'
import { ForgedRun } from './forged-run.ts'
import { ForgedSegments } from './forged-segments.ts'
import { type Mutation, Mutator } from './mutations.ts'
import { everythingInput, everythingProgram, segmentsProgram } from './programs.ts'
import { isPlain } from './row-functions.ts'

const run = ForgedRun.of({ program: everythingProgram(), input: everythingInput })
const mutator = new Mutator(run)
const deltas = [1n, -1n, 256n, 1n << 16n, 1n << 32n, 0x1234_5678_9abc_def1n]

/** Tables that a run fills row by row, and whose expressions need no challenges. */
const tables = (Object.keys(realFlags) as MachineTableName[]).filter((name) => isPlain(machineTables[name]))

function* cellsOf(
  of: ForgedRun,
  table: MachineTableName,
): Iterable<{ readonly table: MachineTableName; readonly column: string; readonly row: number }> {
  for (const column of machineTables[table].mainColumns) {
    for (let row = 0; row < of.height(table); row++) yield { table, column, row }
  }
}

function isCared(of: ForgedRun, cell: Omit<Mutation, 'delta'>): boolean {
  return !dontCares.some((entry) => entry.table === cell.table && appliesTo(entry, of, cell.column, cell.row))
}

/** Changes of single cells of a table that matter, and that nobody notices. */
function survivorsIn(of: ForgedRun, noticing: Mutator, table: MachineTableName): { changes: number; survivors: Mutation[] } {
  let changes = 0
  const survivors: Mutation[] = []
  for (const cell of cellsOf(of, table)) {
    if (!isCared(of, cell)) continue
    for (const delta of deltas) {
      changes++
      if (!noticing.isNoticed({ ...cell, delta })) survivors.push({ ...cell, delta })
    }
  }
  return { changes, survivors }
}

describe('a valid run', () => {
  it('has no problems', () => {
    expect(run.problems()).toEqual({ tags: [], buses: [], tuples: [] })
  })

  it.each(tables)('is refused with any cell of %s changed, whoever counts the lookups anew, but for those that do not matter', (table) => {
    const { changes, survivors } = survivorsIn(run, mutator, table)
    // A kill rate of 100 %.
    expect(survivors).toEqual([])
    expect(changes).toBeGreaterThan(500)
  })

  it('is refused with any cell changed by anything', () => {
    const cells = tables.flatMap((table) => [...cellsOf(run, table)].filter((cell) => isCared(run, cell)))
    fc.assert(
      fc.property(fc.constantFrom(...cells), fc.bigInt({ min: 1n, max: modulus - 1n }), (cell, delta) =>
        mutator.isNoticed({ ...cell, delta }),
      ),
      { numRuns: 3000 },
    )
  })

  it('is refused with any count of a fixed table changed', () => {
    for (const table of machineTableNames.filter((name) => machineTables[name].fixedColumns.length > 0)) {
      for (const column of machineTables[table].mainColumns) {
        for (const row of [0, 1, 2, 3, 255, 256, run.height(table) - 1]) {
          for (const delta of deltas) expect(mutator.isNoticed({ table, column, row, delta }), `${table}.${column}[${row}]`).toBe(true)
        }
      }
    }
  })
})

describe('a segment of a valid run', () => {
  const segments = ForgedSegments.of({ program: segmentsProgram(), segmentLogHeight: 6, maxLogPack: 31 })

  it.each([
    ['first', 0],
    ['second', 1],
    ['last', segments.segments.length - 1],
  ])('is refused with any cell of cpu or ram changed: the %s', (_, index) => {
    const segment = segments.at(index)
    const noticing = new Mutator(segment)
    for (const table of ['cpu', 'ram'] as const) {
      const { changes, survivors } = survivorsIn(segment, noticing, table)
      expect(survivors).toEqual([])
      expect(changes).toBeGreaterThan(500)
    }
  })
})

describe('the list of cells that do not matter', () => {
  it('names none that always matters: each entry has a cell that may change', () => {
    const stale = dontCares.filter(
      (entry) =>
        !entry.columns.every((column) =>
          Array.from({ length: run.height(entry.table) }, (_, row) => row).some(
            (row) =>
              appliesTo(entry, run, column, row) && deltas.some((delta) => !mutator.isNoticed({ table: entry.table, column, row, delta })),
          ),
        ),
    )
    expect(stale.map(({ table, columns }) => `${table}: ${columns.join()}`)).toEqual([])
  })

  it('may all be anything at once, without anybody noticing', () => {
    const forged = run.copy()
    let value = 1n
    for (const entry of dontCares) {
      for (const column of entry.columns) {
        for (let row = 0; row < run.height(entry.table); row++) {
          if (!appliesTo(entry, run, column, row)) continue
          value = (value * 6364136223846793005n + 1442695040888963407n) % modulus
          if (booleans.includes(column)) forged.set(entry.table, column, row, value % 2n)
          else if (column === 'sum' && isRealCycle(row))
            forged.set('cpu', 'sum', row, ((value >> 20n) % 65536n) * 65536n + run.get('cpu', 'sumLow', row))
          else forged.set(entry.table, column, row, value)
        }
      }
    }
    expect(forged.settle().problems()).toEqual({ tags: [], buses: [], tuples: [] })
  })
})

/** Columns that stay boolean where they do not matter. */
const booleans: readonly string[] = ['carry', 'isOdd', 'outcome']

function isRealCycle(row: number): boolean {
  return row < run.cycles
}
