import { toElement } from '../field/goldilocks.ts'
import { type Bus, busIds, maxBusWidth } from './bus.ts'
import {
  type AccumulatorChallenge,
  accumulatorChallengeIndex,
  alphaIndex,
  betaPowerIndex,
  localAlphaIndex,
  segmentIndexIndex,
} from './challenges.ts'
import { type Expression, ExpressionPool, type Operand } from './expression.ts'
import { isExtensionPeriodic, type PeriodicColumn, periodOf } from './periodic.ts'

export const maxConstraintDegree = 3

export interface Constraint {
  /** Names it where it fails and in the table's README. */
  readonly tag: string
  readonly expression: Expression
}

/** `multiplicity` copies of `tuple` sent on the bus; received where it is negative. */
export interface Interaction {
  readonly tag: string
  readonly bus: Bus
  readonly multiplicity: Expression
  readonly tuple: readonly Expression[]
}

/** A table of the AIR: columns, constraints that hold on each row, and what each row sends and receives. */
export interface Table {
  readonly name: string
  readonly fixedColumns: readonly string[]
  readonly mainColumns: readonly string[]
  /** Columns of the extension: accumulators, quotients of interactions two by two, and last the running sum. */
  readonly auxCount: number
  readonly accumulators: readonly Accumulator[]
  /** All of one period, 2^logPeriod rows; the table is not lower. */
  readonly periodicColumns: readonly PeriodicColumn[]
  readonly logPeriod: number
  readonly pool: ExpressionPool
  /** Constraints as the author wrote them, and those of the accumulators. */
  readonly constraints: readonly Constraint[]
  /** Those on the LogUp columns, which follow from the interactions. */
  readonly busConstraints: readonly Constraint[]
  readonly interactions: readonly Interaction[]
  readonly quotients: readonly BusQuotient[]
}

/** A column of the extension, computed after the challenges: on every row, the last one included, next = keep·this + term. */
export interface Accumulator {
  readonly name: string
  readonly keep: Expression
  readonly term: Expression
}

/** numerator / denominator of one or two interactions' terms multiplicity / fingerprint. */
export interface BusQuotient {
  readonly numerator: Expression
  readonly denominator: Expression
}

export interface TableBuilder {
  fixed(name: string): Expression
  main(name: string): Expression
  constant(value: bigint | number): Expression
  sum(operands: readonly Operand[]): Expression
  /** The same constants over and over, a power of two of them. */
  periodic(values: readonly bigint[]): Expression
  /** Powers of a challenge, the same over and over. */
  periodicPowers(challenge: AccumulatorChallenge, exponents: readonly number[]): Expression
  challenge(name: AccumulatorChallenge): Expression
  /** The place in the run of the segment that the table belongs to, from 0 on; the same on every row. */
  readonly segmentIndex: Expression
  /**
   * A column whose next value is keep·this + term, around the end of the table too. Where `keep` is 0 it begins anew; a table has such rows, or
   * the column is 0 (or its terms have to add up). `keep` and `term` speak of no other accumulator.
   */
  accumulate(tag: string, terms: { readonly keep: Expression; readonly term: Expression }): Expression
  readonly isFirst: Expression
  readonly isLast: Expression
  /** For constraints that speak of the next row: does not hold on the last one. */
  readonly isTransition: Expression
  zero(tag: string, expression: Expression): void
  equal(tag: string, a: Operand, b: Operand): void
  bool(tag: string, expression: Expression): void
  when(condition: Expression): { zero(tag: string, expression: Expression): void; equal(tag: string, a: Operand, b: Operand): void }
  send(tag: string, bus: Bus, tuple: readonly Operand[], multiplicity: Operand): void
  receive(tag: string, bus: Bus, tuple: readonly Operand[], multiplicity: Operand): void
}

/** Throws RangeError or TypeError on a table that no prover could use: a degree above 3, a tuple of another width, a tag used twice. */
export function defineTable(name: string, define: (builder: TableBuilder) => void): Table {
  const pool = new ExpressionPool()
  const fixedColumns: string[] = []
  const mainColumns: string[] = []
  const constraints: Constraint[] = []
  const interactions: Interaction[] = []
  const accumulators: Accumulator[] = []
  const periodicColumns: PeriodicColumn[] = []
  const tags = new Set<string>()

  const claim = (tag: string): void => {
    if (tags.has(tag)) throw new TypeError(`${name}: the tag ${tag} is used twice`)
    tags.add(tag)
  }
  const zero = (tag: string, expression: Expression): void => {
    claim(tag)
    if (expression.degree > maxConstraintDegree) throw new RangeError(`${name}: ${tag} has degree ${expression.degree}`)
    constraints.push({ tag, expression })
  }
  const interact = (tag: string, bus: Bus, tuple: readonly Operand[], multiplicity: Expression): void => {
    claim(tag)
    if (tuple.length !== bus.width || bus.width > maxBusWidth) {
      throw new RangeError(`${name}: ${tag} has ${tuple.length} elements, ${bus.name} takes ${bus.width}`)
    }
    if (bus.id < 0 || bus.id >= busIds) throw new RangeError(`${name}: the id ${bus.id} of ${bus.name} is not below ${busIds}`)
    if (multiplicity.isExtension) throw new TypeError(`${name}: ${tag} has a multiplicity that depends on challenges`)
    interactions.push({ tag, bus, multiplicity, tuple: tuple.map((operand) => pool.of(operand)) })
  }
  const repeat = (column: PeriodicColumn): Expression => {
    const period = periodOf(column)
    if (!Number.isInteger(Math.log2(period)) || periodicColumns.some((other) => periodOf(other) !== period)) {
      throw new RangeError(`${name}: a periodic column has ${period} values`)
    }
    return pool.periodic(periodicColumns.push(column) - 1, isExtensionPeriodic(column))
  }
  const accumulate = (tag: string, { keep, term }: Omit<Accumulator, 'name'>): Expression => {
    if (pool.mentions(keep, 'aux') || pool.mentions(term, 'aux')) throw new TypeError(`${name}: ${tag} depends on another accumulator`)
    const column = pool.column('aux', accumulators.push({ name: tag, keep, term }) - 1)
    zero(tag, column.next().sub(keep.mul(column)).sub(term))
    return column
  }

  const builder: TableBuilder = {
    fixed: (column) => pool.column('fixed', fixedColumns.push(column) - 1),
    main: (column) => pool.column('main', mainColumns.push(column) - 1),
    constant: (value) => pool.constant(value),
    sum: (operands) => pool.sum(operands),
    periodic: (values) => repeat({ kind: 'constants', values: values.map(toElement) }),
    periodicPowers: (challenge, exponents) => repeat({ kind: 'powers', challenge: accumulatorChallengeIndex(challenge), exponents }),
    challenge: (challenge) => pool.challenge(accumulatorChallengeIndex(challenge)),
    segmentIndex: pool.challenge(segmentIndexIndex, false),
    accumulate,
    isFirst: pool.selector('isFirst'),
    isLast: pool.selector('isLast'),
    isTransition: pool.selector('isTransition'),
    zero,
    equal: (tag, a, b) => zero(tag, pool.of(a).sub(b)),
    bool: (tag, expression) => zero(tag, expression.mul(expression.not())),
    when: (condition) => ({
      zero: (tag, expression) => zero(tag, condition.mul(expression)),
      equal: (tag, a, b) => zero(tag, condition.mul(pool.of(a).sub(b))),
    }),
    send: (tag, bus, tuple, multiplicity) => interact(tag, bus, tuple, pool.of(multiplicity)),
    receive: (tag, bus, tuple, multiplicity) => interact(tag, bus, tuple, pool.constant(0).sub(multiplicity)),
  }
  define(builder)
  const duplicate = [...fixedColumns, ...mainColumns].find((column, index, all) => all.indexOf(column) !== index)
  if (duplicate !== undefined) throw new TypeError(`${name}: the column ${duplicate} is defined twice`)
  const [anyPeriodic] = periodicColumns
  const logPeriod = anyPeriodic === undefined ? 0 : Math.log2(periodOf(anyPeriodic))
  return {
    name,
    fixedColumns,
    mainColumns,
    pool,
    constraints,
    interactions,
    accumulators,
    periodicColumns,
    logPeriod,
    ...busArgument(name, pool, interactions, accumulators.length),
  }
}

/** α + bus id + Σ βⁱ⁺¹·tuple[i], with the segment's own α on a bus of the segment: linear in what the prover chose before α and β. */
function fingerprint(pool: ExpressionPool, { bus, tuple }: Interaction): Expression {
  const terms = tuple.map((element, position) => pool.challenge(betaPowerIndex(position)).mul(element))
  return pool
    .challenge(bus.scope === 'run' ? alphaIndex : localAlphaIndex)
    .add(bus.id)
    .add(pool.sum(terms))
}

/**
 * LogUp (ePrint 2022/1530): Σ multiplicity / fingerprint over all rows is the table's sum, and the sums of all tables cancel.
 * After the accumulators, each column holds the quotients of two interactions; the last one is the running sum S with
 * S(next) − S + sum / height = Σ quotients, on every row, the step from the last row to the first included, so no selector is needed.
 */
function busArgument(
  name: string,
  pool: ExpressionPool,
  interactions: readonly Interaction[],
  accumulatorCount: number,
): Pick<Table, 'auxCount' | 'busConstraints' | 'quotients'> {
  const quotients = pairUp(pool, interactions)
  const auxCount = accumulatorCount + quotients.length
  if (quotients.length === 0) return { auxCount, busConstraints: [], quotients }
  const runningSum = pool.column('aux', auxCount - 1)
  const others = quotients.slice(0, -1).map((_, index) => pool.column('aux', accumulatorCount + index))
  const lastQuotient = runningSum.next().sub(runningSum).add(pool.sumPerRow()).sub(pool.sum(others))
  const busConstraints = quotients.map(({ numerator, denominator }, index) => {
    const value = others[index] ?? lastQuotient
    return { tag: `BUS-${index}`, expression: value.mul(denominator).sub(numerator) }
  })
  for (const { tag, expression } of busConstraints) {
    if (expression.degree > maxConstraintDegree) throw new RangeError(`${name}: ${tag} has degree ${expression.degree}`)
  }
  return { auxCount, busConstraints, quotients }
}

/** Two interactions share a column where the constraint's degree allows it, in the order in which they were defined. */
function pairUp(pool: ExpressionPool, interactions: readonly Interaction[]): BusQuotient[] {
  const quotients: BusQuotient[] = []
  let alone: BusQuotient | undefined
  for (const interaction of interactions) {
    const single = { numerator: interaction.multiplicity, denominator: fingerprint(pool, interaction) }
    const pair = alone === undefined ? undefined : addQuotients(alone, single)
    if (pair === undefined) {
      if (alone !== undefined) quotients.push(alone)
      alone = single
    } else {
      quotients.push(pair)
      alone = undefined
    }
  }
  return alone === undefined ? quotients : [...quotients, alone]
}

/** Undefined where the constraint of a column that holds the sum would have too high a degree. */
function addQuotients(a: BusQuotient, b: BusQuotient): BusQuotient | undefined {
  const denominator = a.denominator.mul(b.denominator)
  const numerator = a.numerator.mul(b.denominator).add(b.numerator.mul(a.denominator))
  const fits = denominator.degree + 1 <= maxConstraintDegree && numerator.degree <= maxConstraintDegree
  return fits ? { numerator, denominator } : undefined
}
