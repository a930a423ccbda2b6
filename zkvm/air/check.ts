import * as extension from '../field/extension.ts'
import { inverse, rootOfUnity, sub, toElement } from '../field/goldilocks.ts'
import type { Air, PublicInteraction } from './air.ts'
import { Evaluator } from './evaluate.ts'
import type { Table } from './table.ts'

/** A table's values for the checker: fixed and main columns, column after column. */
export interface TableValues {
  readonly logHeight: number
  readonly fixed: BigUint64Array
  readonly main: BigUint64Array
}

export interface Violation {
  readonly table: string
  readonly tag: string
  readonly row: number
}

/** Tuples of a bus that are not sent as often as they are received. */
export interface Imbalance {
  readonly bus: string
  readonly tuple: readonly bigint[]
  /** Sent less received. */
  readonly excess: bigint
  /** Tags of the interactions that touch it, with their rows. */
  readonly touchedBy: readonly string[]
}

/**
 * The constraints that do not hold, in order; of all rows unless `rows` names some. Prover and verifier would only say that one does not:
 * this is what tests and authors of tables ask.
 */
export function violations(table: Table, values: TableValues, rows: Iterable<number> = rowsOf(values)): Violation[] {
  const found: Violation[] = []
  for (const row of rows) {
    const evaluator = evaluatorAt(table, values, row)
    for (const { tag, expression } of table.constraints) {
      if (!extension.equals(evaluator.evaluate(expression), extension.zero)) found.push({ table: table.name, tag, row })
    }
  }
  return found
}

/** The tuples that do not balance; empty when all buses do. */
export function imbalances(air: Air, values: readonly TableValues[], publicValues: readonly bigint[]): Imbalance[] {
  const totals = new Map<string, { bus: string; tuple: readonly bigint[]; excess: bigint; touchedBy: string[] }>()
  const count = (bus: PublicInteraction['bus'], tuple: readonly bigint[], multiplicity: bigint, by: string): void => {
    if (multiplicity === 0n) return
    const key = `${bus.id}:${tuple.join()}`
    const total = totals.get(key) ?? { bus: bus.name, tuple, excess: 0n, touchedBy: [] }
    total.excess = toElement(total.excess + multiplicity)
    total.touchedBy.push(by)
    totals.set(key, total)
  }
  air.tables.forEach((table, index) => {
    const tableValues = values[index]
    if (tableValues === undefined) throw new RangeError(`there are no values for the table ${table.name}`)
    for (const row of rowsOf(tableValues)) {
      const evaluator = evaluatorAt(table, tableValues, row)
      for (const { tag, bus, multiplicity, tuple } of table.interactions) {
        const [copies] = evaluator.evaluate(multiplicity)
        if (copies !== 0n)
          count(
            bus,
            tuple.map((element) => evaluator.evaluate(element)[0]),
            copies,
            `${table.name}.${tag}[${row}]`,
          )
      }
    }
  })
  for (const { bus, tuple, multiplicity } of air.publicInteractions(publicValues)) count(bus, tuple.map(toElement), multiplicity, 'public')
  return [...totals.values()].filter(({ excess }) => excess !== 0n)
}

function* rowsOf({ logHeight }: TableValues): Iterable<number> {
  for (let row = 0; row < 2 ** logHeight; row++) yield row
}

function evaluatorAt(table: Table, { logHeight, fixed, main }: TableValues, row: number): Evaluator {
  const height = 2 ** logHeight
  return new Evaluator(table.pool, {
    column: (stage, index, offset) => {
      if (stage === 'aux') throw new TypeError('constraints on bus columns follow from the interactions and are not checked here')
      const column = stage === 'fixed' ? fixed : main
      return extension.fromBase(column[index * height + ((row + offset) % height)] ?? 0n)
    },
    selector: (selector) => extension.fromBase(selectorAt(selector, row, logHeight)),
    challenge: () => {
      throw new TypeError('a constraint of the author needs a challenge')
    },
    sumPerRow: () => extension.zero,
  })
}

function selectorAt(selector: 'isFirst' | 'isLast' | 'isTransition', row: number, logHeight: number): bigint {
  const last = 2 ** logHeight - 1
  if (selector === 'isFirst') return row === 0 ? 1n : 0n
  if (selector === 'isLast') return row === last ? 1n : 0n
  // The verifier's polynomial is y − g⁻¹; any nonzero value will do where it is not 0.
  return row === last ? 0n : sub(2n, inverse(rootOfUnity(logHeight)))
}
