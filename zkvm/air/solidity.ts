import { negate } from '../field/goldilocks.ts'
import type { Expression, ExpressionPool, Node } from './expression.ts'

/** Nodes whose values the verifier provides. */
export type ProvidedNode = Exclude<Node, { kind: 'constant' | 'add' | 'sub' | 'mul' }>

export interface SolidityProgram {
  /** Yul statements. They read the provided values and keep others in registers, all by index into an array of the extension. */
  readonly statements: readonly string[]
  /** Registers that they use, from `firstRegister` on. */
  readonly registers: number
}

/**
 * Straight-line Yul that evaluates expressions at one point, where all values are of the extension: `sum` becomes sum·challenge + value, for
 * each expression in turn. The statements call `yulFunctions`; `place` is the array of provided values and registers.
 */
export function compileSolidity({
  pool,
  expressions,
  placeOf,
  challengePlace,
  firstRegister,
}: {
  readonly pool: ExpressionPool
  readonly expressions: readonly Expression[]
  readonly placeOf: (node: ProvidedNode) => number
  readonly challengePlace: number
  readonly firstRegister: number
}): SolidityProgram {
  const compiler = new Compiler(pool, placeOf, firstRegister)
  const statements = compiler.compile(expressions, (value) => `sum := productPlus(sum, ${read(challengePlace)}, ${value})`)
  return { statements, registers: compiler.registers }
}

/**
 * On elements packed as contracts/src/l1/stark/Extension.sol has them. Sums of products of coordinates stay far below 2^256: one reduction at
 * the end is enough. What is subtracted is taken from three times p side by side, which borrows nothing and leaves coordinates of at most p:
 * they need not be canonical before the last operation.
 */
export const yulFunctions: readonly string[] = [
  'function at(array, offset) -> v { v := mload(add(array, offset)) }',
  'function put(array, offset, v) { mstore(add(array, offset), v) }',
  'function second(a) -> c { c := and(shr(64, a), 0xffffffffffffffff) }',
  'function third(a) -> c { c := and(a, 0xffffffffffffffff) }',
  'function reduced(c0, c1, c2) -> c {',
  '    let p := 0xffffffff00000001',
  '    c := or(or(shl(128, mod(c0, p)), shl(64, mod(c1, p))), mod(c2, p))',
  '}',
  'function plus(a, b) -> c { c := reduced(add(shr(128, a), shr(128, b)), add(second(a), second(b)), add(third(a), third(b))) }',
  'function negative(a) -> c { c := sub(0xffffffff00000001ffffffff00000001ffffffff00000001, a) }',
  'function scaled(a, k) -> c { c := reduced(mul(shr(128, a), k), mul(second(a), k), mul(third(a), k)) }',
  'function plusBase(a, k) -> c { c := plus(a, shl(128, k)) }',
  'function productPlus(a, b, d) -> c {',
  '    let a0 := shr(128, a)',
  '    let a1 := second(a)',
  '    let a2 := third(a)',
  '    let b0 := shr(128, b)',
  '    let b1 := second(b)',
  '    let b2 := third(b)',
  '    c := reduced(',
  '        add(shr(128, d), add(mul(a0, b0), shl(1, add(mul(a1, b2), mul(a2, b1))))),',
  '        add(second(d), add(add(mul(a0, b1), mul(a1, b0)), shl(1, mul(a2, b2)))),',
  '        add(third(d), add(add(mul(a0, b2), mul(a1, b1)), mul(a2, b0)))',
  '    )',
  '}',
]

/** Deeper expressions would not fit on the stack; what is deeper goes to a register. */
const maxDepth = 3

interface Value {
  readonly text: string
  readonly depth: number
  /** Registers that nobody reads after the statement that this becomes part of. */
  readonly released: readonly number[]
}

class Compiler {
  readonly #pool: ExpressionPool
  readonly #placeOf: (node: ProvidedNode) => number
  readonly #firstRegister: number
  readonly #statements: string[] = []
  readonly #uses = new Map<number, number>()
  readonly #registerOf = new Map<number, number>()
  readonly #freeRegisters: number[] = []
  registers = 0

  constructor(pool: ExpressionPool, placeOf: (node: ProvidedNode) => number, firstRegister: number) {
    this.#pool = pool
    this.#placeOf = placeOf
    this.#firstRegister = firstRegister
  }

  compile(expressions: readonly Expression[], statementOf: (value: string) => string): string[] {
    for (const { id } of expressions) this.#countUses(id)
    for (const { id } of expressions) {
      const { text, released } = this.#value(id)
      this.#statements.push(statementOf(text))
      this.#freeRegisters.push(...released)
    }
    return this.#statements
  }

  #countUses(id: number): void {
    const known = this.#uses.get(id) ?? 0
    this.#uses.set(id, known + 1)
    const node = this.#pool.node(id)
    if (known > 0 || !isOperation(node)) return
    this.#countUses(node.left)
    this.#countUses(node.right)
  }

  #value(id: number): Value {
    const node = this.#pool.node(id)
    if (node.kind === 'constant') return { text: `shl(128, ${hex(node.value)})`, depth: 1, released: [] }
    if (!isOperation(node)) return { text: read(this.#placeOf(node)), depth: 0, released: [] }
    const isShared = (this.#uses.get(id) ?? 0) > 1 || this.#registerOf.has(id)
    if (!this.#registerOf.has(id)) {
      const value = this.#operation(node)
      if (!isShared && value.depth <= maxDepth) return value
      this.#store(id, value)
    }
    return this.#stored(id)
  }

  #store(id: number, { text, released }: Value): void {
    this.#freeRegisters.push(...released)
    const register = this.#freeRegisters.pop() ?? this.#firstRegister + this.registers++
    this.#registerOf.set(id, register)
    this.#statements.push(`put(place, ${offsetOf(register)}, ${text})`)
  }

  #stored(id: number): Value {
    const register = this.#registerOf.get(id)
    if (register === undefined) throw new RangeError(`expression ${id} has no register`)
    const left = (this.#uses.get(id) ?? 0) - 1
    this.#uses.set(id, left)
    return { text: read(register), depth: 0, released: left === 0 ? [register] : [] }
  }

  #operation({ kind, left, right }: Operation): Value {
    const [a, b] = [this.#pool.node(left), this.#pool.node(right)]
    if (a.kind === 'constant') return this.#withConstant(kind, right, a.value, true)
    if (b.kind === 'constant') return this.#withConstant(kind, left, b.value, false)
    if (kind === 'mul') return call('productPlus', this.#value(left), this.#value(right), literal('0'))
    const leftFactors = this.#ownFactors(left, a)
    if (leftFactors !== undefined) {
      const product = leftFactors.map((factor) => this.#value(factor))
      const other = this.#value(right)
      return call('productPlus', ...product, kind === 'sub' ? call('negative', other) : other)
    }
    const rightFactors = this.#ownFactors(right, b)
    if (rightFactors !== undefined) {
      const first = this.#value(rightFactors[0])
      const second = this.#value(rightFactors[1])
      return call('productPlus', kind === 'sub' ? call('negative', first) : first, second, this.#value(left))
    }
    const value = this.#value(right)
    return call('plus', this.#value(left), kind === 'sub' ? call('negative', value) : value)
  }

  /** Factors of a product that only one sum needs, so that product and sum are one operation. */
  #ownFactors(id: number, node: Node): readonly [number, number] | undefined {
    if (node.kind !== 'mul' || (this.#uses.get(id) ?? 0) > 1 || this.#registerOf.has(id)) return undefined
    const isScaling = [node.left, node.right].some((factor) => this.#pool.node(factor).kind === 'constant')
    return isScaling ? undefined : [node.left, node.right]
  }

  #withConstant(kind: Operation['kind'], id: number, constant: bigint, isFirst: boolean): Value {
    const value = this.#value(id)
    if (kind === 'mul') return call('scaled', value, literal(hex(constant)))
    if (kind === 'add') return call('plusBase', value, literal(hex(constant)))
    if (isFirst && constant === 0n) return call('negative', value)
    return isFirst
      ? call('plusBase', call('negative', value), literal(hex(constant)))
      : call('plusBase', value, literal(hex(negate(constant))))
  }
}

type Operation = Extract<Node, { left: number }>

function isOperation(node: Node): node is Operation {
  return node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul'
}

function call(name: string, ...operands: readonly Value[]): Value {
  return {
    text: `${name}(${operands.map(({ text }) => text).join(', ')})`,
    depth: 1 + Math.max(...operands.map(({ depth }) => depth)),
    released: operands.flatMap(({ released }) => released),
  }
}

function literal(text: string): Value {
  return { text, depth: 0, released: [] }
}

function read(place: number): string {
  return `at(place, ${offsetOf(place)})`
}

/** Of an element in memory, from the array's length on. */
function offsetOf(place: number): string {
  return hex(BigInt(32 * (place + 1)))
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`
}
