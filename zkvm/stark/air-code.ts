import type { Air } from '../air/air.ts'
import { challengeCount } from '../air/challenges.ts'
import { compileAtPoint } from '../air/compile-point.ts'
import type { Stage } from '../air/expression.ts'
import { PointProgramBuilder } from '../air/point-program.ts'
import type { Table } from '../air/table.ts'
import { columnCount, openedOffsets } from './layout.ts'

/*
 * An AIR as a verifier on L1 has it, as data (contracts/src/l1/stark/AirCode.sol); integers are big-endian:
 *
 *   length of the name (1) ‖ name ‖ challenges (1) ‖ tables (1) ‖ per table: log of its period, + 128 where it is on no bus (1)
 *   ‖ number of periods (1) ‖ log of each, ascending (1 each)
 *   ‖ cells (2) ‖ places (2) ‖ number of constants (2) ‖ constants (8 each)
 *   ‖ bytes of classes (2) ‖ classes: for each of the stages fixed, main and aux the number of classes; for each class the number of row
 *     offsets, the offsets, and per table how many columns are opened at exactly these (1 each)
 *   ‖ program: evaluates the constraints over places (air/point-program.ts)
 *
 * Places: 0, the sum of the constraints, the constraint challenge, the challenges; per table isFirst, isLast, isTransition, sumPerRow; cells
 * (values of columns out of the domain: by stage, class, table, column, row), the quotient's halves; per period its Lagrange polynomials;
 * constants; registers.
 */

const zeroPlace = 0
const sumPlace = 1
const constraintChallengePlace = 2
const firstChallenge = 3
const tablePlaces = { isFirst: 0, isLast: 1, isTransition: 2, sumPerRow: 3 } as const
const placesPerTable = 4
const quotientHalves = 2

const stages = ['fixed', 'main', 'aux'] as const satisfies readonly Stage[]

/** Columns of one stage that are opened at the same rows, by table. */
interface ColumnClass {
  readonly offsets: readonly number[]
  /** Indices of the columns, ascending. */
  readonly columns: readonly (readonly number[])[]
}

/** The bytes that stand for an AIR on L1. Throws RangeError for one that is too large for them. */
export function encodeAir(air: Air): Uint8Array {
  const classes = { fixed: classesOf(air, 'fixed'), main: classesOf(air, 'main'), aux: classesOf(air, 'aux') }
  const firstSelector = firstChallenge + challengeCount
  const firstCell = firstSelector + placesPerTable * air.tables.length
  const cells = cellPlaces(classes, firstCell)
  const periods = [...new Set(air.tables.filter(hasPeriodicColumns).map(({ logPeriod }) => logPeriod))].sort((a, b) => a - b)
  const firstLagrange = firstCell + cells.size + quotientHalves
  const lagrangeOf = (period: number): number =>
    firstLagrange + periods.filter((other) => other < period).reduce((sum, other) => sum + 2 ** other, 0)
  const builder = new PointProgramBuilder({ zeroPlace, firstConstant: lagrangeOf(Number.POSITIVE_INFINITY) })
  for (const [index, table] of [...air.tables.entries()].reverse()) {
    const expressions = [...table.constraints, ...table.busConstraints].map(({ expression }) => expression).reverse()
    const compiled = compileAtPoint(builder, table, expressions, {
      challengePlace: (challenge) => firstChallenge + challenge,
      firstLagrange: lagrangeOf(table.logPeriod),
      placeOf(node) {
        const own = firstSelector + placesPerTable * index
        if (node.kind === 'selector') return own + tablePlaces[node.selector]
        if (node.kind === 'sumPerRow') return own + tablePlaces.sumPerRow
        if (node.kind === 'challenge') return firstChallenge + node.index
        const cell = cells.get(cellKey(index, node.stage, node.index, node.offset))
        if (cell === undefined) throw new RangeError(`${table.name}: a value is not opened`)
        return cell
      },
    })
    for (const expression of expressions) builder.accumulate(sumPlace, builder.provided(constraintChallengePlace), compiled(expression))
  }
  const { code, places } = builder.encode()
  const name = [...new TextEncoder().encode(air.name)]
  const classBytes = bytesOfClasses(classes)
  return Uint8Array.from([
    ...bytes(1, name.length),
    ...name,
    ...bytes(1, challengeCount, air.tables.length),
    ...air.tables.map((table) => table.logPeriod + (table.quotients.length === 0 ? 128 : 0)),
    ...bytes(1, periods.length, ...periods),
    ...bytes(2, cells.size, places, builder.constants.length),
    ...bytes(8, ...builder.constants),
    ...bytes(2, classBytes.length),
    ...classBytes,
    ...code,
  ])
}

function hasPeriodicColumns({ periodicColumns }: Table): boolean {
  return periodicColumns.length > 0
}

/** In the order in which the layout has classes of one pack factor. */
function classesOf(air: Air, stage: Stage): ColumnClass[] {
  const columns = new Map<string, { readonly offsets: readonly number[]; readonly columns: number[][] }>()
  air.tables.forEach((table, tableIndex) => {
    const offsetsOf = openedOffsets(table.pool)
    for (let index = 0; index < columnCount(table, stage); index++) {
      const offsets = offsetsOf.get(`${stage}${index}`) ?? [0]
      const entry = columns.get(offsets.join()) ?? { offsets, columns: air.tables.map(() => []) }
      entry.columns[tableIndex]?.push(index)
      columns.set(offsets.join(), entry)
    }
  })
  return [...columns.keys()].sort().flatMap((key) => columns.get(key) ?? [])
}

/** Where the values of columns stand. */
function cellPlaces(classes: Readonly<Record<Stage, readonly ColumnClass[]>>, firstCell: number): ReadonlyMap<string, number> {
  const cells = new Map<string, number>()
  for (const stage of stages) {
    for (const { offsets, columns } of classes[stage]) {
      columns.forEach((indices, table) => {
        for (const index of indices) for (const offset of offsets) cells.set(cellKey(table, stage, index, offset), firstCell + cells.size)
      })
    }
  }
  return cells
}

function cellKey(table: number, stage: Stage, index: number, offset: number): string {
  return `${table}:${stage}:${index}:${offset}`
}

function bytesOfClasses(classes: Readonly<Record<Stage, readonly ColumnClass[]>>): number[] {
  return stages.flatMap((stage) =>
    bytes(
      1,
      classes[stage].length,
      ...classes[stage].flatMap(({ offsets, columns }) => [offsets.length, ...offsets, ...columns.map(({ length }) => length)]),
    ),
  )
}

function bytes(size: number, ...numbers: readonly (number | bigint)[]): number[] {
  return numbers.flatMap((number) => {
    if (BigInt(number) >> BigInt(8 * size) !== 0n) throw new RangeError(`${number} does not fit into ${size} bytes of an AIR's code`)
    return Array.from({ length: size }, (_, index) => Number((BigInt(number) >> BigInt(8 * (size - 1 - index))) & 0xffn))
  })
}
