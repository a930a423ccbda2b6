import { add, type Extension, fromBase, mul, sub, zero } from '../field/extension.ts'
import { negate } from '../field/goldilocks.ts'
import type { Expression, ExpressionPool, Node, Selector, Stage } from './expression.ts'

/** Numbers of `enum operation` in zkvm/kernels/src/program.c, in its order. */
const operations = [
  'add',
  'sub',
  'mul',
  'addK',
  'kSub',
  'mulK',
  'extAdd',
  'extSub',
  'extMul',
  'extAddBase',
  'extSubBase',
  'baseSubExt',
  'extMulBase',
  'extAddK',
  'kSubExt',
  'extMulK',
  'baseAddK',
  'kSubBase',
  'baseMulK',
  'accumulate',
  'extAccumulate',
  'store',
  'extStore',
] as const

type Operation = (typeof operations)[number]

/** A column that the program reads: one slot, or three where it is of the extension. */
export type ProgramColumn =
  | { readonly kind: 'column'; readonly stage: Stage; readonly index: number; readonly offset: number }
  | { readonly kind: 'selector'; readonly selector: Selector }
  | { readonly kind: 'periodic'; readonly index: number; readonly isExtension: boolean }

/** A straight-line program for zkvm/kernels/src/program.c. Its slots are the columns' and then `registers` tiles. */
export interface TileProgram {
  /** Five words an instruction: operation, to, a, b, constant. */
  readonly code: Uint32Array
  readonly columns: readonly ProgramColumn[]
  /** Slots of the columns. */
  readonly columnSlots: number
  readonly registers: number
  /** Three words each. */
  readonly constants: BigUint64Array
  readonly outputs: number
}

export interface CompileOptions {
  readonly pool: ExpressionPool
  /** The result is Σ weight·expression. */
  readonly accumulate?: readonly { readonly expression: Expression; readonly weight: Extension }[]
  /** Each goes to an output array of the extension, in order. */
  readonly store?: readonly Expression[]
  readonly challenges: readonly Extension[]
  readonly sumPerRow?: Extension
}

export function compileProgram(options: CompileOptions): TileProgram {
  return new Compiler(options).compile()
}

/** What an expression is at run time: a value that is the same on every row, or slots. */
type Value =
  | { readonly kind: 'constant'; readonly value: Extension; readonly isExtension: boolean }
  | { readonly kind: 'slot'; readonly slot: number; readonly isExtension: boolean }

class Compiler {
  readonly #options: CompileOptions
  readonly #nodes: readonly Node[]
  readonly #code: number[] = []
  readonly #constants: Extension[] = []
  readonly #constantIndex = new Map<string, number>()
  readonly #values = new Map<number, Value>()
  /** How many instructions still read a node. */
  readonly #uses = new Map<number, number>()
  readonly #columns: ProgramColumn[] = []
  #columnSlots = 0
  #registers = 0
  readonly #freeRegisters: { base: number[]; extension: number[] } = { base: [], extension: [] }

  constructor(options: CompileOptions) {
    this.#options = options
    this.#nodes = options.pool.nodes
  }

  compile(): TileProgram {
    const { accumulate = [], store = [], pool } = this.#options
    const roots = [...accumulate.map(({ expression }) => expression.id), ...store.map(({ id }) => id)]
    const order = this.#reachable(roots)
    // Columns come first among the slots, so all of them must be known before the first register is handed out.
    for (const id of order) this.#placeColumn(id)
    const weights = new Map(accumulate.map(({ expression, weight }) => [expression.id, weight]))
    const targets = new Map<number, number[]>()
    store.forEach(({ id }, index) => {
      targets.set(id, [...(targets.get(id) ?? []), index])
    })
    for (const id of order) {
      this.#compute(id, pool.expression(id).isExtension)
      const weight = weights.get(id)
      if (weight !== undefined) this.#accumulate(id, weight)
      for (const output of targets.get(id) ?? []) this.#store(id, output)
    }
    return {
      code: Uint32Array.from(this.#code),
      columns: this.#columns,
      columnSlots: this.#columnSlots,
      registers: this.#registers,
      // Instructions without a constant name the first.
      constants: BigUint64Array.from(this.#constants.length === 0 ? zero : this.#constants.flat()),
      outputs: store.length,
    }
  }

  /** The nodes that the roots need, operands first, with their uses counted. */
  #reachable(roots: readonly number[]): number[] {
    const order: number[] = []
    const seen = new Set<number>()
    const visit = (id: number): void => {
      this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1)
      if (seen.has(id)) return
      seen.add(id)
      const node = this.#node(id)
      if (node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul') {
        visit(node.left)
        visit(node.right)
      }
      order.push(id)
    }
    for (const root of roots) visit(root)
    return order
  }

  #node(id: number): Node {
    return this.#options.pool.node(id) ?? this.#nodes[id]
  }

  #placeColumn(id: number): void {
    const node = this.#node(id)
    if (node.kind !== 'column' && node.kind !== 'selector' && node.kind !== 'periodic') return
    const { isExtension } = this.#options.pool.expression(id)
    this.#values.set(id, { kind: 'slot', slot: this.#columnSlots, isExtension })
    this.#columns.push(node)
    this.#columnSlots += isExtension ? 3 : 1
  }

  #compute(id: number, isExtension: boolean): void {
    const node = this.#node(id)
    switch (node.kind) {
      case 'column':
      case 'selector':
      case 'periodic':
        return
      case 'constant':
        this.#values.set(id, { kind: 'constant', value: fromBase(node.value), isExtension: false })
        return
      case 'challenge':
        this.#values.set(id, { kind: 'constant', value: this.#challenge(node.index), isExtension })
        return
      case 'sumPerRow': {
        const { sumPerRow } = this.#options
        if (sumPerRow === undefined) throw new TypeError('the program needs the sum of the bus argument')
        this.#values.set(id, { kind: 'constant', value: sumPerRow, isExtension: true })
        return
      }
      default:
        this.#operate(id, node, isExtension)
    }
  }

  #challenge(index: number): Extension {
    const value = this.#options.challenges[index]
    if (value === undefined) throw new RangeError(`there is no challenge ${index}`)
    return value
  }

  #operate(id: number, { kind, left, right }: Extract<Node, { left: number }>, isExtension: boolean): void {
    const a = this.#value(left)
    const b = this.#value(right)
    this.#release(left)
    this.#release(right)
    if (a.kind === 'constant' && b.kind === 'constant') {
      this.#values.set(id, { kind: 'constant', value: { add, sub, mul }[kind](a.value, b.value), isExtension })
      return
    }
    const to = this.#claim(isExtension)
    if (a.kind === 'slot' && b.kind === 'slot') this.#emitSlots(kind, to, a, b)
    else if (a.kind === 'slot' && b.kind === 'constant') this.#emitConstant(kind, to, a, b, false)
    else if (a.kind === 'constant' && b.kind === 'slot') this.#emitConstant(kind, to, b, a, true)
    this.#values.set(id, { kind: 'slot', slot: to, isExtension })
  }

  #emitSlots(kind: 'add' | 'sub' | 'mul', to: number, a: Extract<Value, { kind: 'slot' }>, b: Extract<Value, { kind: 'slot' }>): void {
    if (!a.isExtension && !b.isExtension) this.#emit(kind, to, a.slot, b.slot)
    else if (a.isExtension && b.isExtension) {
      this.#emit(({ add: 'extAdd', sub: 'extSub', mul: 'extMul' } as const)[kind], to, a.slot, b.slot)
    } else if (a.isExtension) {
      this.#emit(({ add: 'extAddBase', sub: 'extSubBase', mul: 'extMulBase' } as const)[kind], to, a.slot, b.slot)
    } else if (kind === 'sub') this.#emit('baseSubExt', to, a.slot, b.slot)
    else this.#emit(kind === 'add' ? 'extAddBase' : 'extMulBase', to, b.slot, a.slot)
  }

  #emitConstant(
    kind: 'add' | 'sub' | 'mul',
    to: number,
    a: Extract<Value, { kind: 'slot' }>,
    k: Extract<Value, { kind: 'constant' }>,
    constantFirst: boolean,
  ): void {
    // a − k is a + (−k).
    const isNegated = kind === 'sub' && !constantFirst
    const constant = this.#constant(isNegated ? [negate(k.value[0]), negate(k.value[1]), negate(k.value[2])] : k.value)
    const form = kind === 'mul' ? 'mul' : kind === 'sub' && constantFirst ? 'kSub' : 'add'
    const operation = a.isExtension
      ? ({ add: 'extAddK', kSub: 'kSubExt', mul: 'extMulK' } as const)[form]
      : k.isExtension
        ? ({ add: 'baseAddK', kSub: 'kSubBase', mul: 'baseMulK' } as const)[form]
        : ({ add: 'addK', kSub: 'kSub', mul: 'mulK' } as const)[form]
    this.#emit(operation, to, a.slot, 0, constant)
  }

  #accumulate(id: number, weight: Extension): void {
    const value = this.#slotOf(id)
    this.#emit(value.isExtension ? 'extAccumulate' : 'accumulate', 0, value.slot, 0, this.#constant(weight))
    this.#release(id)
  }

  #store(id: number, output: number): void {
    const value = this.#slotOf(id)
    this.#emit(value.isExtension ? 'extStore' : 'store', output, value.slot)
    this.#release(id)
  }

  /** A result that does not depend on the row still needs a slot to be read from. */
  #slotOf(id: number): Extract<Value, { kind: 'slot' }> {
    const value = this.#value(id)
    if (value.kind === 'slot') return value
    const anyColumn = [...this.#values.values()].find((other) => other.kind === 'slot' && !other.isExtension)
    if (anyColumn === undefined || anyColumn.kind !== 'slot') throw new TypeError('a program without columns computes nothing')
    const nought = this.#claim(false)
    this.#emit('sub', nought, anyColumn.slot, anyColumn.slot)
    const slot = this.#claim(value.isExtension)
    this.#emit(value.isExtension ? 'baseAddK' : 'addK', slot, nought, 0, this.#constant(value.value))
    this.#free(nought, false)
    const placed = { kind: 'slot', slot, isExtension: value.isExtension } as const
    this.#values.set(id, placed)
    return placed
  }

  #value(id: number): Value {
    const value = this.#values.get(id)
    if (value === undefined) throw new RangeError(`expression ${id} is used before it is computed`)
    return value
  }

  #emit(operation: Operation, to: number, a: number, b = 0, constant = 0): void {
    this.#code.push(operations.indexOf(operation), to, a, b, constant)
  }

  #constant(value: Extension): number {
    const key = value.join()
    const known = this.#constantIndex.get(key)
    if (known !== undefined) return known
    const index = this.#constants.push(value) - 1
    this.#constantIndex.set(key, index)
    return index
  }

  #claim(isExtension: boolean): number {
    const free = isExtension ? this.#freeRegisters.extension.pop() : this.#freeRegisters.base.pop()
    if (free !== undefined) return free
    const slot = this.#columnSlots + this.#registers
    this.#registers += isExtension ? 3 : 1
    return slot
  }

  #free(slot: number, isExtension: boolean): void {
    if (isExtension) this.#freeRegisters.extension.push(slot)
    else this.#freeRegisters.base.push(slot)
  }

  /** One use less; a register that nobody reads any more is handed out again. The instruction at hand has read it by then. */
  #release(id: number): void {
    const left = (this.#uses.get(id) ?? 0) - 1
    this.#uses.set(id, left)
    const value = this.#values.get(id)
    if (left === 0 && value?.kind === 'slot' && value.slot >= this.#columnSlots) this.#free(value.slot, value.isExtension)
  }
}
