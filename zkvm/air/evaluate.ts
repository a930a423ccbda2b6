import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import type { Expression, ExpressionPool, Selector, Stage } from './expression.ts'

/** Where an expression finds its values, at one row or one point. */
export interface Assignment {
  column(stage: Stage, index: number, offset: number): Extension
  selector(selector: Selector): Extension
  periodic(index: number): Extension
  challenge(index: number): Extension
  sumPerRow(): Extension
}

/** Evaluates expressions of one pool under one assignment; each node once. */
export class Evaluator {
  readonly #pool: ExpressionPool
  readonly #assignment: Assignment
  readonly #values = new Map<number, Extension>()

  constructor(pool: ExpressionPool, assignment: Assignment) {
    this.#pool = pool
    this.#assignment = assignment
  }

  evaluate({ id }: Expression): Extension {
    const known = this.#values.get(id)
    if (known !== undefined) return known
    const value = this.#compute(id)
    this.#values.set(id, value)
    return value
  }

  #compute(id: number): Extension {
    const node = this.#pool.node(id)
    switch (node.kind) {
      case 'constant':
        return extension.fromBase(node.value)
      case 'column':
        return this.#assignment.column(node.stage, node.index, node.offset)
      case 'selector':
        return this.#assignment.selector(node.selector)
      case 'periodic':
        return this.#assignment.periodic(node.index)
      case 'challenge':
        return this.#assignment.challenge(node.index)
      case 'sumPerRow':
        return this.#assignment.sumPerRow()
      default: {
        const left = this.evaluate(this.#pool.expression(node.left))
        const right = this.evaluate(this.#pool.expression(node.right))
        return { add: extension.add, sub: extension.sub, mul: multiply }[node.kind](left, right)
      }
    }
  }
}

/** Most factors on rows are of the base field, where the checker of the tests would otherwise spend its time. */
function multiply(a: Extension, b: Extension): Extension {
  if (extension.isInBase(a)) return extension.scale(b, a[0])
  return extension.isInBase(b) ? extension.scale(a, b[0]) : extension.mul(a, b)
}
