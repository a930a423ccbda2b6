import { modulus } from '../field/goldilocks.ts'
import type { Air } from './air.ts'
import { maxBusWidth } from './bus.ts'
import type { Expression, Node } from './expression.ts'
import { type Interaction, maxConstraintDegree, type Table } from './table.ts'

/** What authors of tables get wrong without any run noticing. Each finding is a sentence; a sound AIR has none. */
export function lintAir(air: Air, limits: { readonly maxLogHeight: number; readonly maxSegments: number }): string[] {
  return [...air.tables.flatMap((table) => lintTable(table)), ...lintBuses(air), ...lintHeights(air, limits)]
}

function lintTable(table: Table): string[] {
  const used = new Set<string>()
  const expressions = [
    ...table.constraints.map(({ expression }) => expression),
    ...table.interactions.flatMap(({ multiplicity, tuple }) => [multiplicity, ...tuple]),
  ]
  const findings: string[] = []
  for (const node of reachable(table, expressions)) {
    if (node.kind !== 'column') continue
    used.add(`${node.stage}${node.index}`)
    // Openings of earlier rows are not implemented: a verifier would take them for this row.
    if (node.offset < 0) findings.push(`${table.name}: a column is taken ${-node.offset} rows further up`)
  }
  for (const stage of ['fixed', 'main'] as const) {
    const names = stage === 'fixed' ? table.fixedColumns : table.mainColumns
    names.forEach((name, index) => {
      if (!used.has(`${stage}${index}`)) findings.push(`${table.name}: nothing uses the column ${name}`)
    })
  }
  for (const { tag, expression } of [...table.constraints, ...table.busConstraints]) {
    if (expression.degree > maxConstraintDegree) findings.push(`${table.name}: ${tag} has degree ${expression.degree}`)
  }
  for (const interaction of table.interactions) findings.push(...lintInteraction(table, interaction))
  return findings
}

function lintInteraction(table: Table, { tag, bus, multiplicity, tuple }: Interaction): string[] {
  const findings: string[] = []
  if (tuple.length !== bus.width || bus.width > maxBusWidth) findings.push(`${table.name}: ${tag} has ${tuple.length} elements`)
  if (!isCount(table, multiplicity)) findings.push(`${table.name}: the multiplicity of ${tag} is neither boolean nor a count`)
  return findings
}

function lintBuses({ name, tables }: Air): string[] {
  const interactions = tables.flatMap((table) => table.interactions)
  const buses = new Map(interactions.map(({ bus }) => [bus.name, bus]))
  const byId = new Map<number, string>()
  const findings: string[] = []
  for (const { bus } of interactions) {
    if (buses.get(bus.name) !== bus) findings.push(`${name}: two buses are called ${bus.name}`)
    const other = byId.get(bus.id)
    if (other !== undefined && other !== bus.name) findings.push(`${name}: ${bus.name} has the id of ${other}`)
    byId.set(bus.id, bus.name)
  }
  return findings
}

/** Counts of either sign stay below the prime, or p copies of a tuple would be none. */
function lintHeights(
  { name, tables }: Air,
  { maxLogHeight, maxSegments }: { readonly maxLogHeight: number; readonly maxSegments: number },
): string[] {
  const interactions = tables.reduce((sum, table) => sum + table.interactions.length, 0)
  return BigInt(maxSegments * interactions) * 2n ** BigInt(maxLogHeight) < modulus ? [] : [`${name}: the tables have too many rows`]
}

/** Buses that only one side uses. What the verifier sends or receives itself is for the caller to leave out. */
export function lonelyBuses({ tables }: Air): string[] {
  const sides = new Map<string, Set<'sends' | 'receives'>>()
  for (const { bus, multiplicity, table } of tables.flatMap((t) => t.interactions.map((interaction) => ({ ...interaction, table: t })))) {
    const side = signOf(table, multiplicity) < 0 ? 'receives' : 'sends'
    sides.set(bus.name, (sides.get(bus.name) ?? new Set()).add(side))
  }
  return [...sides].flatMap(([bus, used]) => (used.size === 2 ? [] : [`${bus}: nobody ${used.has('sends') ? 'receives' : 'sends'}`]))
}

/** The sign with which it grows with its columns: `receive` makes 0 − multiplicity. */
function signOf({ pool }: Table, { id }: Expression): 1 | -1 {
  const node = pool.node(id)
  if (node.kind === 'constant') return node.value > modulus / 2n ? -1 : 1
  return node.kind === 'sub' && isZero(pool.node(node.left)) ? -1 : 1
}

/**
 * Whether constraints keep it to 0 and 1 (its negation to 0 and −1), or it is the count that a fixed table has of its own tuples, or a column that a
 * constraint sets to an expression of booleans. What lookups imply is not seen.
 */
function isCount(table: Table, multiplicity: Expression): boolean {
  const { pool } = table
  const node = pool.node(multiplicity.id)
  // Not even the segment's index: a count must be one in every segment.
  if (reachable(table, [multiplicity]).some(({ kind }) => kind === 'challenge')) return false
  if (node.kind === 'constant') return node.value === 0n || node.value === 1n || node.value === modulus - 1n
  const id = node.kind === 'sub' && isZero(pool.node(node.left)) ? node.right : multiplicity.id
  const inner = pool.node(id)
  if (inner.kind === 'selector') return true
  if (inner.kind === 'column' && inner.stage === 'main' && table.fixedColumns.length > 0) return id !== multiplicity.id
  return isBooleanByConstraints(table, id)
}

/**
 * On all assignments of 0 and 1 to the boolean columns it reads that satisfy those constraints which read no other column, its value is 0 or 1.
 */
function isBooleanByConstraints(table: Table, id: number): boolean {
  const { pool } = table
  const booleans = new Set(
    table.constraints.flatMap(({ expression }) => {
      const column = booleanColumn(table, expression)
      return column === undefined ? [] : [column]
    }),
  )
  const read = columnKeys(table, id)
  if ([...read].some((key) => !booleans.has(key)))
    return table.constraints.some(({ expression }) => isEqualTo(table, expression, id, booleans))
  const relations = table.constraints
    .map(({ expression }) => expression)
    .filter((expression) => [...columnKeys(table, expression.id)].every((key) => booleans.has(key)))
  const closure = new Set(read)
  for (const expression of relations) {
    const keys = columnKeys(table, expression.id)
    if ([...keys].some((key) => read.has(key))) for (const key of keys) closure.add(key)
  }
  const keys = [...closure]
  if (keys.length > maxEnumerated) throw new RangeError(`${table.name}: a multiplicity depends on ${keys.length} flags`)
  const checks = relations.filter((expression) => [...columnKeys(table, expression.id)].every((key) => closure.has(key)))
  for (let assignment = 0; assignment < 2 ** keys.length; assignment++) {
    const values = new Map(keys.map((key, index) => [key, BigInt((assignment >>> index) & 1)]))
    const valueAt = (at: number): bigint => evaluate(pool.node(at), values, (operand) => valueAt(operand))
    if (checks.some((expression) => valueAt(expression.id) !== 0n)) continue
    const value = valueAt(id)
    if (value !== 0n && value !== 1n) return false
  }
  return true
}

const maxEnumerated = 20

/** x·(1 − x) = 0, as `bool` writes it. */
function booleanColumn({ pool }: Table, { id }: Expression): string | undefined {
  const node = pool.node(id)
  if (node.kind !== 'mul') return undefined
  for (const [one, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    const column = pool.node(one)
    const complement = pool.node(other)
    if (column.kind === 'column' && complement.kind === 'sub' && isOne(pool.node(complement.left)) && complement.right === one)
      return keyOf(column)
  }
  return undefined
}

/** Whether a constraint says column = e, perhaps times a selector, with e made of booleans. */
function isEqualTo(table: Table, { id }: Expression, wanted: number, booleans: ReadonlySet<string>): boolean {
  const { pool } = table
  const visit = (at: number): boolean => {
    const node = pool.node(at)
    if (node.kind === 'mul') return visit(node.left) || visit(node.right)
    if (node.kind !== 'sub') return false
    const other = node.left === wanted ? node.right : node.right === wanted ? node.left : undefined
    return other !== undefined && [...columnKeys(table, other)].every((key) => booleans.has(key.replace(/@.*/, '@0')))
  }
  return visit(id)
}

function evaluate(node: Node, values: ReadonlyMap<string, bigint>, operand: (id: number) => bigint): bigint {
  switch (node.kind) {
    case 'constant':
      return node.value > modulus / 2n ? node.value - modulus : node.value
    case 'column':
      return values.get(keyOf(node)) ?? 0n
    case 'add':
      return operand(node.left) + operand(node.right)
    case 'sub':
      return operand(node.left) - operand(node.right)
    case 'mul':
      return operand(node.left) * operand(node.right)
    default:
      // Selectors and the like may be anything: a relation that has one says nothing here.
      return 0n
  }
}

function columnKeys(table: Table, id: number): Set<string> {
  const keys = new Set<string>()
  for (const node of reachable(table, [table.pool.expression(id)])) {
    if (node.kind === 'column') keys.add(keyOf(node))
    else if (node.kind === 'periodic') keys.add(`periodic${node.index}`)
  }
  return keys
}

function keyOf({ stage, index, offset }: Extract<Node, { kind: 'column' }>): string {
  return `${stage}${index}@${offset}`
}

function reachable({ pool }: Table, expressions: readonly Expression[]): Node[] {
  const seen = new Set<number>()
  const pending = expressions.map(({ id }) => id)
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = pool.node(id)
    if (node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul') pending.push(node.left, node.right)
  }
  return [...seen].map((id) => pool.node(id))
}

function isZero(node: Node): boolean {
  return node.kind === 'constant' && node.value === 0n
}

function isOne(node: Node): boolean {
  return node.kind === 'constant' && node.value === 1n
}
