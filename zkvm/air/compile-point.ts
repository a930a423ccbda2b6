import { negate } from '../field/goldilocks.ts'
import type { Expression, ExpressionPool, Node } from './expression.ts'
import type { PeriodicColumn } from './periodic.ts'
import type { PointProgramBuilder, Value } from './point-program.ts'
import type { Table } from './table.ts'

/** Nodes whose values the verifier provides. */
export type ProvidedNode = Exclude<Node, { kind: 'constant' | 'periodic' | 'add' | 'sub' | 'mul' }>

type Operation = Extract<Node, { left: number }>

export interface PointPlaces {
  readonly placeOf: (node: ProvidedNode) => number
  readonly challengePlace: (index: number) => number
  /** Of the Lagrange polynomials of the table's period, at the point: one after another. */
  readonly firstLagrange: number
}

/** Records the evaluation of a table's expressions at a point; gives the value of each when asked for it. */
export function compileAtPoint(
  builder: PointProgramBuilder,
  table: Table,
  expressions: readonly Expression[],
  places: PointPlaces,
): (expression: Expression) => Value {
  const compiler = new Compiler(builder, table.pool, expressions, places, periodicValues(builder, table, places))
  return ({ id }) => compiler.value(id)
}

class Compiler {
  readonly #builder: PointProgramBuilder
  readonly #pool: ExpressionPool
  readonly #places: PointPlaces
  readonly #periodic: readonly Value[]
  readonly #uses = new Map<number, number>()
  readonly #values = new Map<number, Value>()

  constructor(
    builder: PointProgramBuilder,
    pool: ExpressionPool,
    expressions: readonly Expression[],
    places: PointPlaces,
    periodic: readonly Value[],
  ) {
    this.#builder = builder
    this.#pool = pool
    this.#places = places
    this.#periodic = periodic
    for (const { id } of expressions) this.#countUses(id)
  }

  value(id: number): Value {
    const known = this.#values.get(id)
    if (known !== undefined) return known
    const value = this.#compute(this.#pool.node(id))
    this.#values.set(id, value)
    return value
  }

  #countUses(id: number): void {
    const known = this.#uses.get(id) ?? 0
    this.#uses.set(id, known + 1)
    const node = this.#pool.node(id)
    if (known > 0 || !isOperation(node)) return
    this.#countUses(node.left)
    this.#countUses(node.right)
  }

  #compute(node: Node): Value {
    if (node.kind === 'constant') return this.#builder.constant(node.value)
    if (node.kind === 'periodic') return at(this.#periodic, node.index)
    if (!isOperation(node)) return this.#builder.provided(this.#places.placeOf(node))
    if (node.kind === 'mul') return this.#product(node, this.#builder.zero)
    return node.kind === 'add' ? this.#sum(node) : this.#difference(node)
  }

  #sum({ left, right }: Operation): Value {
    const product = this.#ownProduct(left)
    if (product !== undefined) return this.#product(product, this.value(right))
    const other = this.#ownProduct(right)
    return other === undefined ? this.#builder.add(this.value(left), this.value(right)) : this.#product(other, this.value(left))
  }

  #difference({ left, right }: Operation): Value {
    const subtracted = this.#ownProduct(right)
    if (subtracted !== undefined) {
      const scaling = this.#scaling(subtracted)
      if (scaling !== undefined) return this.#builder.scaleAdd(this.value(scaling.id), negate(scaling.factor), this.value(left))
      return this.#builder.subtractProduct(this.value(subtracted.left), this.value(subtracted.right), this.value(left))
    }
    const product = this.#ownProduct(left)
    if (product === undefined || this.#scaling(product) !== undefined) {
      return this.#builder.subtract(this.value(left), this.value(right))
    }
    return this.#builder.multiplySubtract(this.value(product.left), this.value(product.right), this.value(right))
  }

  #product(node: Operation, added: Value): Value {
    const scaling = this.#scaling(node)
    if (scaling !== undefined) return this.#builder.scaleAdd(this.value(scaling.id), scaling.factor, added)
    return this.#builder.multiplyAdd(this.value(node.left), this.value(node.right), added)
  }

  #scaling({ left, right }: Operation): { readonly id: number; readonly factor: bigint } | undefined {
    const [a, b] = [this.#pool.node(left), this.#pool.node(right)]
    if (a.kind === 'constant') return { id: right, factor: a.value }
    return b.kind === 'constant' ? { id: left, factor: b.value } : undefined
  }

  /** A product that only one sum needs, so that both are one instruction. */
  #ownProduct(id: number): Operation | undefined {
    const node = this.#pool.node(id)
    return isOperation(node) && node.kind === 'mul' && this.#uses.get(id) === 1 && !this.#values.has(id) ? node : undefined
  }
}

/** A periodic column at the point is Σ value · (Lagrange polynomial), over the rows of a period. */
function periodicValues(builder: PointProgramBuilder, { periodicColumns }: Table, places: PointPlaces): Value[] {
  const lagrange = (row: number): Value => builder.provided(places.firstLagrange + row)
  const powers = new Map<number, PowersOf>()
  return periodicColumns.map((column) => {
    if (column.kind === 'constants') return weightedSum(builder, column.values, lagrange)
    const own = powers.get(column.challenge) ?? new PowersOf(builder, places.challengePlace(column.challenge), lagrange)
    powers.set(column.challenge, own)
    return own.column(column)
  })
}

function weightedSum(builder: PointProgramBuilder, weights: readonly bigint[], lagrange: (row: number) => Value): Value {
  return weights.reduce((sum, weight, row) => {
    if (weight === 0n) return sum
    if (weight === 1n) return sum === builder.zero ? lagrange(row) : builder.add(sum, lagrange(row))
    return builder.scaleAdd(lagrange(row), weight, sum)
  }, builder.zero)
}

type PowersColumn = Extract<PeriodicColumn, { kind: 'powers' }>

/** Columns of powers of one challenge. Where one is another's times the challenge but for a few rows, it is computed from that one. */
class PowersOf {
  readonly #builder: PointProgramBuilder
  readonly #lagrange: (row: number) => Value
  readonly #powers = new Map<number, Value>()
  readonly #columns: { readonly exponents: readonly number[]; readonly value: Value }[] = []

  constructor(builder: PointProgramBuilder, challengePlace: number, lagrange: (row: number) => Value) {
    this.#builder = builder
    this.#lagrange = lagrange
    this.#powers.set(0, builder.constant(1n)).set(1, builder.provided(challengePlace))
  }

  column({ exponents }: PowersColumn): Value {
    const value = this.#fromAnother(exponents) ?? this.#directly(exponents)
    this.#columns.push({ exponents, value })
    return value
  }

  #directly(exponents: readonly number[]): Value {
    return exponents.reduce<Value>(
      (sum, exponent, row) => this.#builder.multiplyAdd(this.#lagrange(row), this.#power(exponent), sum),
      this.#builder.zero,
    )
  }

  #fromAnother(exponents: readonly number[]): Value | undefined {
    for (const other of this.#columns) {
      const others = exponents.map((exponent, row) => ({ row, exponent, shifted: (other.exponents[row] ?? 0) + 1 }))
      const different = others.filter(({ exponent, shifted }) => exponent !== shifted)
      if (different.length > exponents.length / 8) continue
      return different.reduce(
        (sum, { row, exponent, shifted }) =>
          this.#builder.multiplyAdd(this.#lagrange(row), this.#builder.subtract(this.#power(exponent), this.#power(shifted)), sum),
        this.#builder.multiplyAdd(other.value, this.#power(1)),
      )
    }
    return undefined
  }

  #power(exponent: number): Value {
    const known = this.#powers.get(exponent)
    if (known !== undefined) return known
    const half = this.#power(exponent % 2 === 0 ? exponent / 2 : exponent - 1)
    const value = this.#builder.multiplyAdd(half, exponent % 2 === 0 ? half : this.#power(1))
    this.#powers.set(exponent, value)
    return value
  }
}

function isOperation(node: Node): node is Operation {
  return node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul'
}

function at(values: readonly Value[], index: number): Value {
  const value = values[index]
  if (value === undefined) throw new RangeError(`there is no periodic column ${index}`)
  return value
}
