import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modulus } from '../field/goldilocks.ts'
import { type MachineTableName, machineTableNames, machineTables } from '../tables/machine/machine-air.ts'
import { appliesTo, dontCares, realFlags } from './dont-care.ts'
import { ForgedRun } from './forged-run.ts'
import { type Mutation, Mutator } from './mutations.ts'
import { everythingInput, everythingProgram } from './programs.ts'
import { isPlain } from './row-functions.ts'

const run = ForgedRun.of({ program: everythingProgram(), input: everythingInput })
const mutator = new Mutator(run)
const deltas = [1n, -1n, 256n, 1n << 16n, 1n << 32n, 0x1234_5678_9abc_def1n]

/** Tables that a run fills row by row, and whose expressions need no challenges. */
const tables = (Object.keys(realFlags) as MachineTableName[]).filter((name) => isPlain(machineTables[name]))

function* cellsOf(table: MachineTableName): Iterable<{ readonly table: MachineTableName; readonly column: string; readonly row: number }> {
  for (const column of machineTables[table].mainColumns) {
    for (let row = 0; row < run.height(table); row++) yield { table, column, row }
  }
}

function isCared(cell: Omit<Mutation, 'delta'>): boolean {
  return !dontCares.some((entry) => entry.table === cell.table && appliesTo(entry, run, cell.column, cell.row))
}

describe('a valid run', () => {
  it('has no problems', () => {
    expect(run.problems()).toEqual({ tags: [], buses: [], tuples: [] })
  })

  it.each(tables)('is refused with any cell of %s changed, whoever counts the lookups anew, but for those that do not matter', (table) => {
    let changes = 0
    const survivors: Mutation[] = []
    for (const cell of cellsOf(table)) {
      if (!isCared(cell)) continue
      for (const delta of deltas) {
        changes++
        if (!mutator.isNoticed({ ...cell, delta })) survivors.push({ ...cell, delta })
      }
    }
    // A kill rate of 100 %.
    expect(survivors).toEqual([])
    expect(changes).toBeGreaterThan(500)
  })

  it('is refused with any cell changed by anything', () => {
    const cells = tables.flatMap((table) => [...cellsOf(table)].filter(isCared))
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
