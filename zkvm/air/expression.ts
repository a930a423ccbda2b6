import { toElement } from '../field/goldilocks.ts'

/** `fixed` columns belong to the program or the AIR, `main` ones to the execution, `aux` ones (in the extension) come after the challenges. */
export type Stage = 'fixed' | 'main' | 'aux'

export type Selector = 'isFirst' | 'isLast' | 'isTransition'

export type Node =
  | { readonly kind: 'constant'; readonly value: bigint }
  /** `offset` rows further down, cyclically. */
  | { readonly kind: 'column'; readonly stage: Stage; readonly index: number; readonly offset: number }
  /** 1 on the first or last row; `isTransition` is 0 on the last row only, but not 1 elsewhere. */
  | { readonly kind: 'selector'; readonly selector: Selector }
  /** A periodic column of the table, on this row. */
  | { readonly kind: 'periodic'; readonly index: number; readonly isExtension: boolean }
  /** Index into the challenges drawn after the main commitments (`challenges.ts`). */
  | { readonly kind: 'challenge'; readonly index: number }
  /** The table's LogUp sum divided by its height. */
  | { readonly kind: 'sumPerRow' }
  | { readonly kind: 'add' | 'sub' | 'mul'; readonly left: number; readonly right: number }

/** An expression: a node of its pool. Degrees count columns (periodic ones too) and selectors as 1. */
export interface Expression {
  readonly id: number
  readonly degree: number
  readonly isExtension: boolean
  add(other: Operand): Expression
  sub(other: Operand): Expression
  mul(other: Operand): Expression
  /** 1 − this. */
  not(): Expression
  /** This column `offset` rows further down; of columns only. */
  at(offset: number): Expression
  next(): Expression
}

export type Operand = Expression | bigint | number

/** All expressions of a table, each distinct one once. Operands precede what is made of them. */
export class ExpressionPool {
  readonly #nodes: Node[] = []
  readonly #expressions: Expression[] = []
  readonly #idByKey = new Map<string, number>()

  get nodes(): readonly Node[] {
    return this.#nodes
  }

  node(id: number): Node {
    const node = this.#nodes[id]
    if (node === undefined) throw new RangeError(`there is no expression ${id}`)
    return node
  }

  expression(id: number): Expression {
    const expression = this.#expressions[id]
    if (expression === undefined) throw new RangeError(`there is no expression ${id}`)
    return expression
  }

  constant(value: bigint | number): Expression {
    const element = toElement(BigInt(value))
    return this.#intern(`k${element}`, { kind: 'constant', value: element }, 0, false)
  }

  column(stage: Stage, index: number, offset = 0): Expression {
    return this.#intern(`${stage}${index}@${offset}`, { kind: 'column', stage, index, offset }, 1, stage === 'aux')
  }

  selector(selector: Selector): Expression {
    return this.#intern(selector, { kind: 'selector', selector }, 1, false)
  }

  periodic(index: number, isExtension: boolean): Expression {
    return this.#intern(`periodic${index}`, { kind: 'periodic', index, isExtension }, 1, isExtension)
  }

  challenge(index: number, isExtension = true): Expression {
    return this.#intern(`challenge${index}`, { kind: 'challenge', index }, 0, isExtension)
  }

  sumPerRow(): Expression {
    return this.#intern('sumPerRow', { kind: 'sumPerRow' }, 0, true)
  }

  /** Whether a column of the stage is part of the expression. */
  mentions({ id }: Expression, stage: Stage): boolean {
    const seen = new Set<number>()
    const pending = [id]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      const node = this.node(next)
      if (node.kind === 'column' && node.stage === stage) return true
      if (node.kind === 'add' || node.kind === 'sub' || node.kind === 'mul') pending.push(node.left, node.right)
    }
    return false
  }

  of(operand: Operand): Expression {
    return typeof operand === 'object' ? operand : this.constant(operand)
  }

  sum(operands: readonly Operand[]): Expression {
    return operands.reduce<Expression>((total, operand) => total.add(operand), this.constant(0))
  }

  combine(kind: 'add' | 'sub' | 'mul', a: Expression, b: Expression): Expression {
    const simplified = this.#simplify(kind, a, b)
    if (simplified !== undefined) return simplified
    const [left, right] = kind !== 'sub' && a.id > b.id ? [b, a] : [a, b]
    const degree = kind === 'mul' ? left.degree + right.degree : Math.max(left.degree, right.degree)
    return this.#intern(
      `${kind}${left.id},${right.id}`,
      { kind, left: left.id, right: right.id },
      degree,
      left.isExtension || right.isExtension,
    )
  }

  #simplify(kind: 'add' | 'sub' | 'mul', a: Expression, b: Expression): Expression | undefined {
    const x = this.#constantOf(a)
    const y = this.#constantOf(b)
    if (x !== undefined && y !== undefined) return this.constant(kind === 'mul' ? x * y : kind === 'add' ? x + y : x - y)
    if (kind === 'mul') {
      if (x === 0n || y === 0n) return this.constant(0)
      return x === 1n ? b : y === 1n ? a : undefined
    }
    if (y === 0n) return a
    return kind === 'add' && x === 0n ? b : undefined
  }

  #constantOf({ id }: Expression): bigint | undefined {
    const node = this.node(id)
    return node.kind === 'constant' ? node.value : undefined
  }

  #intern(key: string, node: Node, degree: number, isExtension: boolean): Expression {
    const known = this.#idByKey.get(key)
    if (known !== undefined) return this.expression(known)
    const id = this.#nodes.length
    this.#nodes.push(node)
    this.#idByKey.set(key, id)
    const expression: Expression = {
      id,
      degree,
      isExtension,
      add: (other) => this.combine('add', expression, this.of(other)),
      sub: (other) => this.combine('sub', expression, this.of(other)),
      mul: (other) => this.combine('mul', expression, this.of(other)),
      not: () => this.combine('sub', this.constant(1), expression),
      at: (offset) => this.#shift(node, offset),
      next: () => this.#shift(node, 1),
    }
    this.#expressions.push(expression)
    return expression
  }

  #shift(node: Node, offset: number): Expression {
    if (node.kind !== 'column') throw new TypeError('only a column can be taken from another row')
    return this.column(node.stage, node.index, node.offset + offset)
  }
}
