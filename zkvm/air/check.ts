import * as extension from '../field/extension.ts'
import { generator, inverse, power, rootOfUnity, sub, toElement } from '../field/goldilocks.ts'
import type { Air, PublicInteraction } from './air.ts'
import { localAlphaIndex, segmentChallenges } from './challenges.ts'
import { Evaluator } from './evaluate.ts'
import { periodicValues } from './periodic.ts'
import type { Table } from './table.ts'

/** A table's values for the checker: fixed and main columns, column after column. */
export interface TableValues {
  readonly logHeight: number
  readonly fixed: BigUint64Array
  readonly main: BigUint64Array
  /** The place in the run of the segment that the table belongs to; 0 where it is absent. */
  readonly segment?: number
}

export interface Violation {
  readonly table: string
  readonly tag: string
  readonly row: number
}

/** Tuples of a bus that are not sent as often as they are received. */
export interface Imbalance {
  readonly bus: string
  /** Undefined on a bus of the run. */
  readonly segment: number | undefined
  /** Three numbers for an element of the extension, where one depends on challenges. */
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
  const checked = new CheckedTable(table, values)
  for (const row of rows) {
    const evaluator = checked.evaluatorAt(row)
    for (const { tag, expression } of table.constraints) {
      if (!extension.equals(evaluator.evaluate(expression), extension.zero)) found.push({ table: table.name, tag, row })
    }
  }
  return found
}

/** The tuples of a run of one segment that do not balance; empty when all buses do. */
export function imbalances(air: Air, values: readonly TableValues[], publicValues: readonly bigint[]): Imbalance[] {
  return runImbalances(air, [values], publicValues)
}

/** The tuples that do not balance over all segments of a run, each of which has values for every table. */
export function runImbalances(air: Air, segments: readonly (readonly TableValues[])[], publicValues: readonly bigint[]): Imbalance[] {
  const totals = new Map<string, { -readonly [K in keyof Imbalance]: Imbalance[K] } & { touchedBy: string[] }>()
  const count = (
    { id, name, scope }: PublicInteraction['bus'],
    tuple: readonly bigint[],
    multiplicity: bigint,
    { by, of }: { readonly by: string; readonly of: number | undefined },
  ): void => {
    if (multiplicity === 0n) return
    const segment = scope === 'run' ? undefined : of
    const key = `${id}:${segment}:${tuple.join()}`
    const total = totals.get(key) ?? { bus: name, segment, tuple, excess: 0n, touchedBy: [] }
    total.excess = toElement(total.excess + multiplicity)
    total.touchedBy.push(by)
    totals.set(key, total)
  }
  for (const values of segments) {
    air.tables.forEach((table, index) => {
      const tableValues = values[index]
      if (tableValues === undefined) throw new RangeError(`there are no values for the table ${table.name}`)
      const { segment = 0 } = tableValues
      for (const { bus, tuple, multiplicity, by } of exchanges(table, tableValues)) count(bus, tuple, multiplicity, { by, of: segment })
    })
  }
  for (const { bus, tuple, multiplicity } of air.publicInteractions(publicValues)) {
    count(bus, tuple.map(toElement), multiplicity, { by: 'public', of: undefined })
  }
  return [...totals.values()].filter(({ excess }) => excess !== 0n)
}

/** What a row sends on a bus, or receives where the multiplicity is negative, and the tag of the interaction with the row. */
export interface Exchange extends PublicInteraction {
  readonly by: string
}

/** Whatever rows send and receive; all of them unless `rows` names some. */
export function* exchanges(table: Table, values: TableValues, rows: Iterable<number> = rowsOf(values)): Iterable<Exchange> {
  const checked = new CheckedTable(table, values)
  for (const row of rows) {
    const evaluator = checked.evaluatorAt(row)
    for (const { tag, bus, multiplicity, tuple } of table.interactions) {
      const [copies] = evaluator.evaluate(multiplicity)
      if (copies === 0n) continue
      const elements = tuple.flatMap((element) => [...evaluator.evaluate(element)].slice(0, element.isExtension ? extension.degree : 1))
      yield { bus, tuple: elements, multiplicity: copies, by: `${table.name}.${tag}[${row}]` }
    }
  }
}

function* rowsOf({ logHeight }: TableValues): Iterable<number> {
  for (let row = 0; row < 2 ** logHeight; row++) yield row
}

/** Any will do that authors of tables cannot aim at: the same in every run, so that a test's outcome is. */
const challenges = Array.from({ length: localAlphaIndex }, (_, index): extension.Extension => {
  const element = (at: number): bigint => power(generator, 0x9e3779b97f4a7c15n * BigInt(3 * index + at + 1))
  return [element(0), element(1), element(2)]
})

const periodicByTable = new WeakMap<Table, readonly (readonly extension.Extension[])[]>()

function periodicOf(table: Table): readonly (readonly extension.Extension[])[] {
  const known = periodicByTable.get(table)
  if (known !== undefined) return known
  const values = table.periodicColumns.map((column) => periodicValues(column, challenges))
  periodicByTable.set(table, values)
  return values
}

/** Evaluates a table's expressions on its rows. Accumulators are computed from the nearest row on which they begin anew. */
class CheckedTable {
  readonly #table: Table
  readonly #values: TableValues
  readonly #height: number
  readonly #periodic: readonly (readonly extension.Extension[])[]
  readonly #accumulated: readonly Map<number, extension.Extension>[]
  readonly #challenges: readonly extension.Extension[]

  constructor(table: Table, values: TableValues) {
    this.#table = table
    this.#values = values
    this.#height = 2 ** values.logHeight
    this.#periodic = periodicOf(table)
    this.#accumulated = table.accumulators.map(() => new Map())
    this.#challenges = segmentChallenges(challenges, values.segment ?? 0)
  }

  evaluatorAt(row: number): Evaluator {
    const { fixed, main, logHeight } = this.#values
    return new Evaluator(this.#table.pool, {
      column: (stage, index, offset) => {
        const at = (row + offset) % this.#height
        if (stage === 'aux') return this.#accumulatorAt(index, at)
        return extension.fromBase((stage === 'fixed' ? fixed : main)[index * this.#height + at] ?? 0n)
      },
      selector: (selector) => extension.fromBase(selectorAt(selector, row, logHeight)),
      periodic: (index) => this.#periodic[index]?.[row % 2 ** this.#table.logPeriod] ?? extension.zero,
      challenge: (index) => this.#challenges[index] ?? extension.zero,
      sumPerRow: () => extension.zero,
    })
  }

  #accumulatorAt(index: number, row: number): extension.Extension {
    const accumulator = this.#table.accumulators[index]
    const known = this.#accumulated[index]
    if (accumulator === undefined || known === undefined) throw new TypeError('constraints on bus columns are not checked here')
    // Back to a row with a known value, or after which it begins anew; a table without such a row begins with 0.
    const pending: { row: number; keep: extension.Extension; term: extension.Extension }[] = []
    let at = row
    let value = known.get(at)
    while (value === undefined) {
      at = (at + this.#height - 1) % this.#height
      const evaluator = this.evaluatorAt(at)
      const keep = evaluator.evaluate(accumulator.keep)
      pending.push({ row: (at + 1) % this.#height, keep, term: evaluator.evaluate(accumulator.term) })
      value = extension.equals(keep, extension.zero) || pending.length === this.#height ? extension.zero : known.get(at)
    }
    for (const step of pending.reverse()) {
      value = extension.add(extension.mul(step.keep, value), step.term)
      known.set(step.row, value)
    }
    return value
  }
}

function selectorAt(selector: 'isFirst' | 'isLast' | 'isTransition', row: number, logHeight: number): bigint {
  const last = 2 ** logHeight - 1
  if (selector === 'isFirst') return row === 0 ? 1n : 0n
  if (selector === 'isLast') return row === last ? 1n : 0n
  // The verifier's polynomial is y − g⁻¹; any nonzero value will do where it is not 0.
  return row === last ? 0n : sub(2n, inverse(rootOfUnity(logHeight)))
}
