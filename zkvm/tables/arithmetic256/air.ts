import type { Expression } from '../../air/expression.ts'
import { defineTable, type TableBuilder } from '../../air/table.ts'
import { bytePairBus, halfBus, memoryBus, space, systemBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { arithmetic256Numbers, callRows, carryOffset, integerWords, operationNames, prime, topLimbOffset } from './operations.ts'

/** a1. cpu reads a7 and a0 alone. */
export const firstArgumentRegister = 11

const limbSize = 1n << 16n
const wordSize = 1n << 32n

/** README.md: 256-bit arithmetic and secp256k1, a call in 16 rows. */
export const arithmetic256Table = defineTable('arithmetic256', (b) => {
  const rows = periodicColumns(b)
  const flags = defineFlags(b, rows.isUpper)
  const { isReal, isCurve, isProduct } = flags

  const timestamp = b.main('timestamp')
  const target = b.main('target')
  const [first, second, third] = ['first', 'second', 'third'].map((name) => b.main(name)) as [Expression, Expression, Expression]
  for (const [name, column] of Object.entries({ ...flags.operations, timestamp, target, first, second, third })) {
    b.zero(`A256-SAME-${name}`, rows.isLast.not().mul(column.next().sub(column)))
  }
  const number = b.sum(operationNames.map((name) => flags.operations[name].mul(arithmetic256Numbers[name])))
  b.receive('A256-CALL', systemBus, [number, target, target, timestamp], rows.isFirst.mul(isReal))

  // Accesses: operands and arguments are read at timestamps of their own, so they may overlap; the result comes last.
  const before = defineWord(b, 'before', isReal)
  const after = defineWord(b, 'after', isReal)
  const left = defineWord(b, 'left', isReal)
  const right = defineWord(b, 'right', isReal)
  const leftAddress = b.main('left.address')
  const rightAddress = b.main('right.address')
  const isRightThere = b.main('right.isThere')
  const isLeftThere = isReal.sub(flags.operations.double)
  const offset = rows.position.mul(4)
  const leftPointer = flags.operations.add
    .add(flags.productLower)
    .mul(first)
    .add(flags.productUpper.mul(second.sub(4 * integerWords)))
  b.when(isLeftThere).equal('A256-LEFT-ADDRESS', leftAddress, leftPointer.add(offset))
  b.equal(
    'A256-RIGHT-THERE',
    isRightThere,
    b.sum([flags.productLower, rows.isArgument[0].mul(isCurve.sub(flags.operations.double)), b.sum(rows.isArgument).mul(isProduct)]),
  )
  b.when(isRightThere).equal('A256-RIGHT-ADDRESS', rightAddress, rows.rightOffset.add(rows.isUpper.not().mul(third)))
  const argument = b.sum([first, second, third].map((pointer, index) => (rows.isArgument[index] ?? rows.isFirst).mul(pointer)))
  b.zero('A256-ARGUMENTS', b.sum(rows.isArgument).mul(right.value).sub(argument))
  const isTargetThere = isReal.sub(flags.operations.mulMod).add(flags.lower.mulMod)
  const highs = [
    defineAccess(b, 'LEFT', {
      tuple: [space.ram, leftAddress],
      before: left.value,
      after: left.value,
      at: timestamp.add(rows.isUpper),
      isThere: isLeftThere,
      isReal,
    }),
    defineAccess(b, 'RIGHT', {
      tuple: [rows.isUpper.mul(space.register), rightAddress],
      before: right.value,
      after: right.value,
      at: timestamp.add(2),
      isThere: isRightThere,
      isReal,
    }),
    defineAccess(b, 'TARGET', {
      tuple: [space.ram, target.add(offset)],
      before: before.value,
      after: after.value,
      at: timestamp.add(3),
      isThere: isTargetThere,
      isReal,
    }),
  ]

  // What is below a modulus: coordinates below the prime, a remainder below the modulus in memory.
  const limit = b.main('limit')
  b.equal('A256-LIMIT', limit, isCurve.mul(rows.primeWord).add(flags.lower.mulMod.mul(right.value)))
  const isHalfFirst = rows.isFirst.add(rows.isArgument[0])
  const bounded = {
    before: [before, isCurve],
    after: [after, isCurve.add(flags.lower.mulMod)],
    left: [left, flags.operations.add],
  } as const
  for (const [name, [word, isBounded]] of Object.entries(bounded)) {
    const borrow = b.main(`${name}.borrow`)
    const gapLow = b.main(`${name}.gapLow`)
    const tag = `A256-${name.toUpperCase()}`
    b.bool(`${tag}-BORROW`, borrow)
    b.zero(`${tag}-BORROW-FIRST`, isHalfFirst.mul(borrow))
    const gap = limit.sub(isHalfFirst).sub(word.value).sub(borrow).add(borrow.next().mul(wordSize))
    b.send(`${tag}-GAP-LOW`, halfBus, [gapLow], isBounded)
    b.send(`${tag}-GAP-HIGH`, halfBus, [highPart(gap, gapLow)], isBounded)
  }

  const slope = defineLimb(b, 'slope', isReal)
  const quotients = [0, 1, 2].map((index) => defineLimb(b, `quotient${index}`, isReal)) as [Expression, Expression, Expression]
  const carries = Array.from({ length: 6 }, (_, index) => {
    const low = defineLimb(b, `carry${index}.low`, isReal)
    const high = b.main(`carry${index}.high`)
    highs.push(high)
    return low.add(high.mul(limbSize))
  })
  for (let index = 0; index < highs.length; index += 2) {
    b.send(`A256-BYTES-${index / 2}`, bytePairBus, [highs[index] ?? 0, highs[index + 1] ?? 0], isReal)
  }

  defineIdentity(b, rows, flags, { before, after, left, right, slope, quotients, carries })
})

type Rows = ReturnType<typeof periodicColumns>

function periodicColumns(b: TableBuilder) {
  const repeated = (value: (index: number) => bigint | number): Expression =>
    b.periodic(Array.from({ length: callRows }, (_, index) => BigInt(value(index))))
  const isRow = (row: number): Expression => repeated((index) => (index === row ? 1 : 0))
  return {
    position: repeated((index) => index),
    isFirst: isRow(0),
    isLast: isRow(callRows - 1),
    isUpper: repeated((index) => (index < integerWords ? 0 : 1)),
    /** Rows on which a1, a2 and a3 are read; the first of them is the upper half's first. */
    isArgument: [isRow(integerWords), isRow(integerWords + 1), isRow(integerWords + 2)] as const,
    /** Of the word that is read besides, from the third pointer on, or the register. */
    rightOffset: repeated((index) => (index < integerWords ? 4 * index : index - integerWords + firstArgumentRegister)),
    primeWord: repeated((index) => (prime >> BigInt(32 * (index % integerWords))) % wordSize),
    limbWeight: b.periodicPowers(
      'tau',
      Array.from({ length: callRows }, (_, index) => index),
    ),
    wordWeight: b.periodicPowers(
      'tau',
      Array.from({ length: callRows }, (_, index) => 2 * (index % integerWords)),
    ),
  }
}

/** What a row's call is, and the same times whether the row is in the lower half, or products would have degree 4. */
function defineFlags(b: TableBuilder, isUpper: Expression) {
  const operations = { mulAdd: b.main('isMulAdd'), mulMod: b.main('isMulMod'), add: b.main('isAdd'), double: b.main('isDouble') }
  const lower = {
    mulAdd: b.main('isMulAddLower'),
    mulMod: b.main('isMulModLower'),
    add: b.main('isAddLower'),
    double: b.main('isDoubleLower'),
  }
  const isReal = b.sum(Object.values(operations))
  b.bool('A256-ONE', isReal)
  for (const name of operationNames) {
    b.bool(`A256-IS-${name}`, operations[name])
    b.equal(`A256-LOWER-${name}`, lower[name], isUpper.not().mul(operations[name]))
  }
  const isProduct = operations.mulAdd.add(operations.mulMod)
  const productLower = lower.mulAdd.add(lower.mulMod)
  const curveLower = lower.add.add(lower.double)
  const isCurve = operations.add.add(operations.double)
  return {
    operations,
    lower,
    isReal,
    isProduct,
    isCurve,
    productLower,
    productUpper: isProduct.sub(productLower),
    curveLower,
    curveUpper: isCurve.sub(curveLower),
  }
}

interface Word {
  readonly low: Expression
  readonly high: Expression
  readonly value: Expression
}

function defineLimb(b: TableBuilder, name: string, isReal: Expression): Expression {
  const limb = b.main(name)
  b.send(`A256-LIMB-${name}`, halfBus, [limb], isReal)
  return limb
}

function defineWord(b: TableBuilder, name: string, isReal: Expression): Word {
  const low = defineLimb(b, `${name}.low`, isReal)
  const high = defineLimb(b, `${name}.high`, isReal)
  return { low, high, value: low.add(high.mul(limbSize)) }
}

/** Returns what has to be a byte so that the access comes after the one before it. */
function defineAccess(
  b: TableBuilder,
  tag: string,
  {
    tuple,
    before,
    after,
    at,
    isThere,
    isReal,
  }: {
    readonly tuple: readonly [Expression | bigint, Expression]
    readonly before: Expression
    readonly after: Expression
    readonly at: Expression
    readonly isThere: Expression
    readonly isReal: Expression
  },
): Expression {
  const previous = b.main(`${tag.toLowerCase()}.previous`)
  const since = b.main(`${tag.toLowerCase()}.since`)
  b.receive(`A256-${tag}-BEFORE`, memoryBus, [...tuple, before, previous], isThere)
  b.send(`A256-${tag}-AFTER`, memoryBus, [...tuple, after, at], isThere)
  b.send(`A256-${tag}-SINCE`, halfBus, [since], isReal)
  return highPart(at.sub(previous).sub(1), since)
}

/**
 * Numbers as polynomials at τ, their limbs the coefficients; three identities at a time, by powers of δ. With p for the prime and C for τ − 2^16:
 *
 * add, double    λ·(x2 − x1) = y2 − y1 + q0·p + C·k0, or λ·2y1 = 3x1·x1 + q0·p + C·k0
 *                λ·λ = x1 + x2 + x3 + q1·p + C·k1 (doubling, x2 is x1)
 *                λ·(x1 − x3) = y1 + y3 + q2·p + C·k2
 * mulMod         a·b = r + q·m + C·k
 * mulAdd         a·b = out − c + C·k
 *
 * and, with δ³, that the slope's run is not 0: the sum of its words, each times any number, is 1.
 */
function defineIdentity(
  b: TableBuilder,
  { isFirst, isLast, limbWeight, wordWeight }: Rows,
  {
    operations: { mulAdd, mulMod, add, double },
    lower,
    isReal,
    isProduct,
    isCurve,
    productLower,
    productUpper,
    curveLower,
    curveUpper,
  }: ReturnType<typeof defineFlags>,
  {
    before,
    after,
    left,
    right,
    slope,
    quotients,
    carries,
  }: {
    readonly before: Word
    readonly after: Word
    readonly left: Word
    readonly right: Word
    readonly slope: Expression
    readonly quotients: readonly [Expression, Expression, Expression]
    readonly carries: readonly Expression[]
  },
): void {
  const tau = b.challenge('tau')
  const delta = b.challenge('delta')
  const tauTo = (exponent: number): Expression => power(tau, exponent, b.constant(1))
  const delta2 = delta.mul(delta)
  const modulus = tauTo(16).sub(tauTo(2)).sub(977)
  // The two limbs of a word.
  const atTau = ({ low, high }: Word): Expression => low.add(high.mul(tau))
  const old = atTau(before)
  const result = atTau(after)
  const operand = atTau(left)
  const doubleUpper = double.sub(lower.double)
  const inverse = b.main('inverse')
  const run = lower.add.mul(left.value.sub(before.value)).add(doubleUpper.mul(before.value))
  const topOffset = isLast.mul(tauTo(callRows - 1)).mul(topLimbOffset)

  const lambda = limbWeight.mul(isCurve).mul(slope).sub(topOffset.mul(isCurve))
  const factorTerms = [lambda, wordWeight.mul(productLower).mul(operand)]
  const otherTerms = [
    wordWeight.mul(lower.add.mul(operand.sub(old)).add(doubleUpper.mul(old).mul(2)).add(productUpper.mul(operand))),
    delta.mul(lambda),
    delta2.mul(wordWeight).mul(curveLower).mul(old.sub(result)),
  ]
  const longQuotient = quotients[0].add(tauTo(callRows).mul(quotients[1]))
  const squaredTerms = [wordWeight.mul(lower.double).mul(old), limbWeight.mul(mulMod).mul(longQuotient)]
  const tripledTerms = [wordWeight.mul(lower.double).mul(old).mul(3), wordWeight.mul(lower.mulMod).mul(atTau(right))]

  const [q0, q1, q2] = quotients
  const reduced = limbWeight
    .mul(isCurve)
    .mul(b.sum([q0, delta.mul(q1), delta2.mul(q2)]))
    .sub(topOffset.mul(b.sum([add, delta.mul(isCurve), delta2.mul(isCurve)])))
    // A doubling's first quotient goes down to −4p; its second part takes the place of the other point.
    .sub(wordWeight.mul(lower.double).mul(operand).mul(4))
  const carryWeights = [
    b.constant(1),
    tauTo(callRows),
    isCurve.mul(delta).add(isProduct.mul(tauTo(2 * callRows))),
    delta.mul(tauTo(callRows)),
    delta2,
    delta2.mul(tauTo(callRows)),
  ]
  const carried = b.sum(
    carries.map((carry, index) => {
      const offset = (index === 2 ? b.constant(1) : isReal).mul(carryOffset)
      return (carryWeights[index] ?? tau).mul(carry.sub(offset))
    }),
  )
  const linearTerms = [
    wordWeight.mul(add.sub(lower.add)).mul(operand.sub(old)),
    delta.mul(wordWeight).mul(curveLower.mul(old.add(result)).add(lower.add.mul(operand)).add(lower.double.mul(old))),
    delta2.mul(wordWeight).mul(curveUpper).mul(old.add(result)),
    wordWeight.mul(
      productLower
        .mul(result)
        .add(mulAdd.sub(lower.mulAdd).mul(tauTo(callRows)).mul(result))
        .sub(lower.mulAdd.mul(atTau(right))),
    ),
    modulus.mul(reduced),
    tau.sub(limbSize).mul(limbWeight).mul(carried),
    delta2.mul(delta).mul(run.mul(inverse).sub(isFirst.mul(isCurve))),
  ]
  const keep = isFirst.not()
  const total = (name: string, terms: readonly Expression[]): Expression =>
    b.accumulate(`A256-${name}`, { keep, term: b.sum(terms) }).next()
  const factor = total('FACTOR', factorTerms)
  const other = total('OTHER-FACTOR', otherTerms)
  const squared = total('SECOND-FACTOR', squaredTerms)
  const tripled = total('SECOND-OTHER-FACTOR', tripledTerms)
  const linear = total('LINEAR', linearTerms)
  b.zero('A256-IDENTITY', isLast.mul(factor.mul(other).sub(squared.mul(tripled)).sub(linear)))
}

/** By squaring: whoever verifies multiplies as often as there are steps. */
function power(base: Expression, exponent: number, one: Expression): Expression {
  if (exponent === 0) return one
  const root = power(base.mul(base), Math.floor(exponent / 2), one)
  return exponent % 2 === 1 ? root.mul(base) : root
}
