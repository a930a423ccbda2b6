import { type Exchange, exchanges, type TableValues, violations } from '../../air/check.ts'
import type { Table } from '../../air/table.ts'
import { toElement } from '../../field/goldilocks.ts'
import { columnsOf } from '../rows.ts'

export interface ChangedTableOptions {
  readonly table: Table
  readonly values: TableValues
  /** The rows that a row's cells have to do with: those whose constraints and interactions look at them. */
  readonly near: (row: number) => readonly number[]
  /** Tuples that fixed tables have, which a cheater counts anew; none if it is left out. */
  readonly isLookup?: (exchange: Exchange) => boolean
}

/** A table's rows to change, by the names of columns. */
export class ChangedTable {
  readonly table: Table
  readonly values: TableValues
  readonly #original: TableValues
  readonly #columns: (name: string) => number
  readonly #near: (row: number) => readonly number[]
  readonly #isLookup: (exchange: Exchange) => boolean
  readonly #changed = new Set<number>()

  constructor({ table, values, near, isLookup = () => false }: ChangedTableOptions) {
    this.table = table
    this.#near = near
    this.#isLookup = isLookup
    this.#original = values
    this.values = { ...values, main: values.main.slice() }
    this.#columns = columnsOf(table)
  }

  get(name: string, row: number): bigint {
    return this.values.main[this.#columns(name) * 2 ** this.values.logHeight + row] ?? 0n
  }

  set(name: string, row: number, value: bigint): void {
    this.#changed.add(row)
    this.values.main[this.#columns(name) * 2 ** this.values.logHeight + row] = toElement(value)
  }

  add(name: string, rows: Iterable<number>, difference: bigint): void {
    for (const row of rows) this.set(name, row, this.get(name, row) + difference)
  }

  /** Exchanges rows [a, a + count) with [b, b + count), in all columns but some. */
  exchange(a: number, b: number, count: number, except: readonly string[] = []): void {
    for (const name of this.table.mainColumns) {
      if (except.includes(name)) continue
      for (let row = 0; row < count; row++) {
        const value = this.get(name, a + row)
        this.set(name, a + row, this.get(name, b + row))
        this.set(name, b + row, value)
      }
    }
  }

  /** Tags of the constraints that do not hold, each once, and buses on which something else is sent or received than by the honest rows. */
  noticed(): { readonly tags: string[]; readonly buses: string[] } {
    const height = 2 ** this.values.logHeight
    const rows = [...new Set([...this.#changed].flatMap((row) => this.#near(row)).map((row) => (row + height) % height))]
    const tags = new Set(violations(this.table, this.values, rows).map(({ tag }) => tag))
    return { tags: [...tags].sort(), buses: this.#changedBuses(rows) }
  }

  #changedBuses(rows: readonly number[]): string[] {
    const totals = new Map<string, { readonly bus: string; copies: bigint }>()
    const count = (exchange: Exchange, sign: bigint): void => {
      const { bus, tuple, multiplicity } = exchange
      if (this.#isLookup(exchange)) return
      const key = `${bus.id}:${tuple.join()}`
      const total = totals.get(key) ?? { bus: bus.name, copies: 0n }
      total.copies += sign * multiplicity
      totals.set(key, total)
    }
    for (const exchange of exchanges(this.table, this.values, rows)) count(exchange, 1n)
    for (const exchange of exchanges(this.table, this.#original, rows)) count(exchange, -1n)
    return [...new Set([...totals.values()].filter(({ copies }) => copies !== 0n).map(({ bus }) => bus))].sort()
  }
}

/** first, first + 1, …: `count` numbers. */
export function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
