import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { aluBus, byteAndBus, halfBus, powerBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { operations } from '../operations.ts'

export const aluOperations = ['and', 'or', 'xor', 'sll', 'srl', 'sra', 'lt', 'ltu', 'ge', 'geu', 'eq', 'ne'] as const

const wordSize = 1n << 32n
const allOnes = wordSize - 1n
const signBit = 0x80

/**
 * A row is a bitwise operation, a shift or a comparison of two 32-bit numbers a and b, which every row splits into bytes: that their
 * conjunctions are looked up shows that they are bytes.
 */
export const aluTable = defineTable('alu', (b) => {
  const is = Object.fromEntries(aluOperations.map((name) => [name, b.main(`is_${name}`)])) as Record<
    (typeof aluOperations)[number],
    Expression
  >
  const bytesOf = (name: string): Expression[] => [0, 1, 2, 3].map((index) => b.main(`${name}${index}`))
  const numberOf = (bytes: readonly Expression[]): Expression => b.sum(bytes.map((byte, index) => byte.mul(1n << BigInt(8 * index))))
  const aBytes = bytesOf('a')
  const bBytes = bytesOf('b')
  const conjunctions = bytesOf('and')
  const x = numberOf(aBytes)
  const y = numberOf(bBytes)
  const both = numberOf(conjunctions)
  const result = b.main('result')

  const isReal = b.sum(aluOperations.map((name) => is[name]))
  for (const name of aluOperations) b.bool(`ALU-IS-${name}`, is[name])
  b.bool('ALU-ONE', isReal)
  const operation = b.sum(aluOperations.map((name) => is[name].mul(operations[name])))
  b.receive('ALU-CALL', aluBus, [operation, x, y, result], isReal)
  conjunctions.forEach((byte, index) => {
    b.send(`ALU-AND-${index}`, byteAndBus, [aBytes[index] ?? 0, bBytes[index] ?? 0, byte], isReal)
  })
  b.when(is.and).equal('ALU-RESULT-AND', result, both)
  b.when(is.or).equal('ALU-RESULT-OR', result, x.add(y).sub(both))
  b.when(is.xor).equal('ALU-RESULT-XOR', result, x.add(y).sub(both.mul(2)))

  // Signs, where numbers are signed; 0 elsewhere.
  const isSignedComparison = is.lt.add(is.ge)
  const isNegativeA = b.main('isNegativeA')
  const isNegativeB = b.main('isNegativeB')
  b.send('ALU-SIGN-A', byteAndBus, [aBytes[3] ?? 0, signBit, isNegativeA.mul(signBit)], isSignedComparison.add(is.sra))
  b.send('ALU-SIGN-B', byteAndBus, [bBytes[3] ?? 0, signBit, isNegativeB.mul(signBit)], isSignedComparison)
  b.zero('ALU-UNSIGNED-A', isNegativeA.mul(isSignedComparison.add(is.sra).not()))
  b.zero('ALU-UNSIGNED-B', isNegativeB.mul(isSignedComparison.not()))

  // Order: a − b + outcome·2^32 is a 32-bit number exactly if outcome says that a < b. Signed numbers are compared with 2^31 added.
  const isOrder = b.sum([is.lt, is.ltu, is.ge, is.geu])
  const isShift = b.sum([is.sll, is.srl, is.sra])
  const outcome = b.main('outcome')
  const word = b.main('word')
  const wordLow = b.main('wordLow')
  b.bool('ALU-OUTCOME', outcome)
  const difference = x.sub(y).sub(isNegativeA.sub(isNegativeB).mul(wordSize))
  b.when(isOrder).equal('ALU-ORDER', word, difference.add(outcome.mul(wordSize)))
  b.send('ALU-WORD-LOW', halfBus, [wordLow], isOrder.add(isShift))
  b.send('ALU-WORD-HIGH', halfBus, [highPart(word, wordLow)], isOrder.add(isShift))

  // Equality: a − b has an inverse exactly if outcome is 0.
  const isEquality = is.eq.add(is.ne)
  const factor = b.main('factor')
  b.when(isEquality).zero('ALU-EQUAL', outcome.mul(x.sub(y)))
  b.when(isEquality).equal('ALU-UNEQUAL', x.sub(y).mul(factor), outcome.not())
  b.when(b.sum([is.lt, is.ltu, is.eq])).equal('ALU-RESULT-IS', result, outcome)
  b.when(b.sum([is.ge, is.geu, is.ne])).equal('ALU-RESULT-IS-NOT', result, outcome.not())

  // Shifts by k: factor is 2^k, complement 2^(31−k). `rest` < 2^k, because 2·rest·complement is a 32-bit number; no product reaches the prime.
  const complement = b.main('complement')
  const rest = b.main('rest')
  const restLow = b.main('restLow')
  const boundLow = b.main('boundLow')
  b.send('ALU-POWER', powerBus, [bBytes[0] ?? 0, factor, complement], isShift)
  b.send('ALU-REST-LOW', halfBus, [restLow], isShift)
  b.send('ALU-REST-HIGH', halfBus, [highPart(rest, restLow)], isShift)
  b.send('ALU-BOUND-LOW', halfBus, [boundLow], isShift)
  b.send('ALU-BOUND-HIGH', halfBus, [highPart(rest.mul(complement).mul(2), boundLow)], isShift)
  const complemented = (value: Expression): Expression => value.add(isNegativeA.mul(b.constant(allOnes).sub(value.mul(2))))
  b.when(is.sll).equal('ALU-LEFT', x.mul(factor), rest.mul(wordSize).add(word))
  b.when(is.srl.add(is.sra)).equal('ALU-RIGHT', complemented(x), word.mul(factor).add(rest))
  b.when(is.sll.add(is.srl)).equal('ALU-RESULT-SHIFT', result, word)
  b.when(is.sra).equal('ALU-RESULT-SRA', result, complemented(word))
})
