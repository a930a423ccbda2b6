import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { aluBus, byteAndBus, bytePairBus, halfBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { operations } from '../operations.ts'

export const mulDivOperations = ['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu'] as const

const wordSize = 1n << 32n
const allOnes = wordSize - 1n
const signBit = 0x80

/**
 * A row is a multiplication or division of 32-bit numbers. It works on magnitudes x and y: x·y = high·2^32 + low, or x = y·high + low with
 * low < y; then the result gets its sign. Both sides of these equations stay below the prime, so they hold for integers; README.md has the bounds.
 */
export const mulDivTable = defineTable('muldiv', (b) => {
  const is = Object.fromEntries(mulDivOperations.map((name) => [name, b.main(`is_${name}`)])) as Record<
    (typeof mulDivOperations)[number],
    Expression
  >
  const first = b.main('a')
  const second = b.main('b')
  const result = b.main('result')
  const isReal = b.sum(mulDivOperations.map((name) => is[name]))
  for (const name of mulDivOperations) b.bool(`MD-IS-${name}`, is[name])
  b.bool('MD-ONE', isReal)
  const operation = b.sum(mulDivOperations.map((name) => is[name].mul(operations[name])))
  b.receive('MD-CALL', aluBus, [operation, first, second, result], isReal)
  const isProduct = b.sum([is.mul, is.mulh, is.mulhsu, is.mulhu])
  const isDivision = b.sum([is.div, is.divu, is.rem, is.remu])
  const isSignedHigh = is.mulh.add(is.mulhsu)

  // Signs and magnitudes. A signed number is split into a half and two bytes, the upper of which has its sign.
  const magnitudeOf = (name: string, value: Expression, isSigned: Expression): { isNegative: Expression; magnitude: Expression } => {
    const low = b.main(`${name}Low`)
    const top = b.main(`${name}Top`)
    const isNegative = b.main(`isNegative_${name}`)
    const magnitude = b.main(`magnitude_${name}`)
    const middle = highPart(value, low).sub(top.mul(256))
    b.send(`MD-${name}-LOW`, halfBus, [low], isSigned)
    b.send(`MD-${name}-MIDDLE`, bytePairBus, [middle, 0], isSigned)
    b.send(`MD-${name}-SIGN`, byteAndBus, [top, signBit, isNegative.mul(signBit)], isSigned)
    b.zero(`MD-${name}-UNSIGNED`, isNegative.mul(isSigned.not()))
    b.equal(`MD-${name}-MAGNITUDE`, magnitude, value.add(isNegative.mul(b.constant(wordSize).sub(value.mul(2)))))
    return { isNegative, magnitude }
  }
  const { isNegative: isNegativeA, magnitude: x } = magnitudeOf('a', first, b.sum([is.mulh, is.mulhsu, is.div, is.rem]))
  const { isNegative: isNegativeB, magnitude: y } = magnitudeOf('b', second, b.sum([is.mulh, is.div, is.rem]))

  const high = b.main('high')
  const low = b.main('low')
  for (const [name, value] of Object.entries({ high, low })) {
    const part = b.main(`${name}Low`)
    b.send(`MD-${name}-RANGE-LOW`, halfBus, [part], isReal)
    b.send(`MD-${name}-RANGE-HIGH`, halfBus, [highPart(value, part)], isReal)
  }
  const inverse = b.main('inverse')
  b.when(isProduct).equal('MD-PRODUCT', x.mul(y), high.mul(wordSize).add(low))
  // high = 2^32 − 1 would let high·2^32 + low stand for a number and for that number plus the prime.
  b.when(isProduct).equal('MD-PRODUCT-UNIQUE', high.sub(allOnes).mul(inverse), 1)
  b.when(isDivision).equal('MD-QUOTIENT', x, y.mul(high).add(low))

  // Division by zero gives 2^32 − 1 and the dividend.
  const isByZero = b.main('isByZero')
  const isBounded = b.main('isBounded')
  const boundLow = b.main('boundLow')
  b.bool('MD-BY-ZERO', isByZero)
  b.zero('MD-BY-ZERO-DIVISION', isByZero.mul(isDivision.not()))
  b.when(isByZero).zero('MD-BY-ZERO-DIVISOR', y)
  b.when(isDivision).equal('MD-BY-ZERO-INVERSE', y.mul(inverse), isByZero.not())
  b.when(isByZero).equal('MD-BY-ZERO-QUOTIENT', high, allOnes)
  b.equal('MD-BOUNDED', isBounded, isDivision.sub(isByZero))
  b.send('MD-BOUND-LOW', halfBus, [boundLow], isBounded)
  b.send('MD-BOUND-HIGH', halfBus, [highPart(y.sub(low).sub(1), boundLow)], isBounded)

  // The high part of a negative product is −(high + 1), unless the low part is 0.
  const areDifferent = b.main('areDifferent')
  const isLowNonzero = b.main('isLowNonzero')
  const inverseOfLow = b.main('inverseOfLow')
  b.equal('MD-DIFFERENT', areDifferent, isNegativeA.add(isNegativeB).sub(isNegativeA.mul(isNegativeB).mul(2)))
  b.when(isSignedHigh).equal('MD-LOW-NONZERO', low.mul(inverseOfLow), isLowNonzero)
  b.when(isSignedHigh).zero('MD-LOW-ZERO', isLowNonzero.not().mul(low))

  // The result is the magnitude or, where it is negated, 2^32 less it; 0 stays 0.
  const magnitude = b.main('magnitude')
  const isNegated = b.main('isNegated')
  const isNonzero = b.main('isNonzero')
  const inverseOfMagnitude = b.main('inverseOfMagnitude')
  const magnitudes = b.sum([
    b.sum([is.mul, is.rem, is.remu]).mul(low),
    b.sum([is.mulhu, is.mulh, is.mulhsu, is.div, is.divu]).mul(high),
    isSignedHigh.mul(areDifferent.mul(isLowNonzero)),
  ])
  b.equal('MD-MAGNITUDE', magnitude, magnitudes)
  b.equal(
    'MD-NEGATED',
    isNegated,
    b.sum([isSignedHigh.mul(areDifferent), is.div.mul(areDifferent.mul(isByZero.not())), is.rem.mul(isNegativeA)]),
  )
  b.equal('MD-NONZERO', magnitude.mul(inverseOfMagnitude), isNonzero)
  b.zero('MD-ZERO', isNonzero.not().mul(magnitude))
  b.equal('MD-RESULT', result, magnitude.add(isNegated.mul(isNonzero.mul(wordSize).sub(magnitude.mul(2)))))
})
