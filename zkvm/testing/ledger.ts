import type { Air } from '../air/air.ts'
import type { Bus } from '../air/bus.ts'
import { imbalances, type TableValues } from '../air/check.ts'
import type { Table } from '../air/table.ts'
import { toElement } from '../field/goldilocks.ts'
import { isPlain, type RowFunction, rowFunction } from './row-functions.ts'

/** Sent less received, by bus and tuple. Without zeros. */
export type Ledger = Map<string, bigint>

export function ledgerKey(bus: Pick<Bus, 'name'>, tuple: readonly bigint[]): string {
  return `${bus.name}(${tuple.join()})`
}

export function busOfKey(key: string): string {
  return key.slice(0, key.indexOf('('))
}

export function book(ledger: Ledger, key: string, copies: bigint): void {
  const total = toElement((ledger.get(key) ?? 0n) + copies)
  if (total === 0n) ledger.delete(key)
  else ledger.set(key, total)
}

/** One of a table's interactions, ready to be evaluated on rows. */
export interface InteractionFunction {
  readonly tag: string
  readonly bus: Bus
  readonly multiplicity: RowFunction
  readonly tuple: readonly RowFunction[]
}

const functionsByTable = new WeakMap<Table, readonly InteractionFunction[]>()

export function interactionFunctions(table: Table): readonly InteractionFunction[] {
  const known = functionsByTable.get(table)
  if (known !== undefined) return known
  const functions = table.interactions.map(({ tag, bus, multiplicity, tuple }) => ({
    tag,
    bus,
    multiplicity: rowFunction(table, multiplicity),
    tuple: tuple.map((element) => rowFunction(table, element)),
  }))
  functionsByTable.set(table, functions)
  return functions
}

export function bookRow(ledger: Ledger, interaction: InteractionFunction, values: TableValues, row: number, sign: 1n | -1n = 1n): void {
  const copies = interaction.multiplicity(values, row)
  if (copies === 0n) return
  const tuple = interaction.tuple.map((element) => element(values, row))
  book(ledger, ledgerKey(interaction.bus, tuple), sign * copies)
}

/** What one table sends and receives in all. */
export function ledgerOf(table: Table, values: TableValues): Ledger {
  const ledger: Ledger = new Map()
  if (isPlain(table)) {
    for (const interaction of interactionFunctions(table)) {
      for (let row = 0; row < 2 ** values.logHeight; row++) bookRow(ledger, interaction, values, row)
    }
    return ledger
  }
  // A row of zeros sends nothing in any table that has padding.
  if (values.main.every((cell) => cell === 0n)) return ledger
  const alone: Air = { name: table.name, tables: [table], publicInteractions: () => [] }
  for (const { bus, tuple, excess } of imbalances(alone, [values], [])) book(ledger, ledgerKey({ name: bus }, tuple), excess)
  return ledger
}
