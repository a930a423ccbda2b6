import type { Table } from '../air/table.ts'
import { add, toElement } from '../field/goldilocks.ts'
import { type MachineTableName, machineTableNames, machineTables } from '../tables/machine/machine-air.ts'
import { constraintFunctionsOf, type ForgedRun, lookupRows } from './forged-run.ts'
import { bookRow, type InteractionFunction, interactionFunctions, type Ledger } from './ledger.ts'
import { columnUses, type RowFunction } from './row-functions.ts'

export interface Mutation {
  readonly table: MachineTableName
  readonly column: string
  readonly row: number
  readonly delta: bigint
}

interface Dependents {
  readonly constraints: readonly { readonly value: RowFunction; readonly offset: number }[]
  readonly interactions: readonly { readonly interaction: InteractionFunction; readonly offset: number }[]
}

/**
 * Changes single cells of a valid run and looks at what depends on them alone, so that thousands of changes are checked a second. The cheater
 * counts lookups anew: a tuple that a fixed table has gives nothing away.
 */
export class Mutator {
  readonly #run: ForgedRun
  readonly #lookups: readonly ReadonlyMap<string, number>[]
  readonly #dependents = new Map<string, Dependents>()

  constructor(run: ForgedRun) {
    this.#run = run
    this.#lookups = machineTableNames.flatMap((name, index) => {
      const values = run.values[index]
      const table = machineTables[name]
      return values === undefined || table.fixedColumns.length === 0 ? [] : lookupRows(table, values)
    })
  }

  /** Whether a constraint or a bus notices the change. */
  isNoticed(mutation: Mutation): boolean {
    return this.noticedBy(mutation) !== undefined
  }

  noticedBy({ table: name, column, row, delta }: Mutation): 'constraint' | 'bus' | undefined {
    const table: Table = machineTables[name]
    const values = this.#run.values[machineTableNames.indexOf(name)]
    if (values === undefined) throw new RangeError(`there is no table ${name}`)
    const height = 2 ** values.logHeight
    const index = table.mainColumns.indexOf(column)
    const { constraints, interactions } = this.#dependentsOf(table, index)
    const at = index * height + row
    const rowAt = (offset: number): number => (row + height - offset) % height
    const change: Ledger = new Map()
    for (const { interaction, offset } of interactions) bookRow(change, interaction, values, rowAt(offset), -1n)
    const before = values.main[at] ?? 0n
    values.main[at] = add(before, toElement(delta))
    try {
      if (constraints.some(({ value, offset }) => value(values, rowAt(offset)) !== 0n)) return 'constraint'
      for (const { interaction, offset } of interactions) bookRow(change, interaction, values, rowAt(offset))
    } finally {
      values.main[at] = before
    }
    const isOpen = table.fixedColumns.length > 0 ? change.size > 0 : [...change.keys()].some((key) => !this.#isLookup(key))
    return isOpen ? 'bus' : undefined
  }

  #isLookup(key: string): boolean {
    return this.#lookups.some((rows) => rows.has(key))
  }

  #dependentsOf(table: Table, index: number): Dependents {
    const key = `${table.name}:${index}`
    const known = this.#dependents.get(key)
    if (known !== undefined) return known
    const offsetsOf = (...expressions: Parameters<typeof columnUses>[1]): number[] =>
      columnUses(table, expressions).flatMap((use) => (use.stage === 'main' && use.index === index ? [use.offset] : []))
    const values = constraintFunctionsOf(table)
    const dependents: Dependents = {
      constraints: table.constraints.flatMap(({ expression }, constraint) => {
        const { value } = values[constraint] ?? {}
        return value === undefined ? [] : offsetsOf(expression).map((offset) => ({ value, offset }))
      }),
      interactions: table.interactions.flatMap(({ multiplicity, tuple }, at) => {
        const interaction = interactionFunctions(table)[at]
        return interaction === undefined ? [] : offsetsOf(multiplicity, ...tuple).map((offset) => ({ interaction, offset }))
      }),
    }
    this.#dependents.set(key, dependents)
    return dependents
  }
}
