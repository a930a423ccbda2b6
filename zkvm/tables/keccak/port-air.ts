import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { byteAndBus, bytePairBus, halfBus, memoryBus, space, systemBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { stateBus } from './buses.ts'
import { rateWords, stateWords } from './lanes.ts'

export const keccakNumbers = { permute: 16, absorb: 17 } as const

/** a1, which points to the block. cpu reads a7 and a0 alone. */
export const blockRegister = 11

/**
 * The memory of the permutations, README.md: a row is a word of the state, and of the block where one is absorbed; a call has 50 rows.
 * The block is read a timestamp before the state, so that either may overlap the other.
 */
export const keccakPortTable = defineTable('keccak-port', (b) => {
  const isReal = b.main('isReal')
  const isFirst = b.main('isFirst')
  const isLast = b.main('isLast')
  const isAbsorb = b.main('isAbsorb')
  const hasBlock = b.main('hasBlock')
  const isBlockEnd = b.main('isBlockEnd')
  const position = b.main('position')
  const statePointer = b.main('statePointer')
  const blockPointer = b.main('blockPointer')
  const timestamp = b.main('timestamp')
  for (const [name, flag] of Object.entries({ isReal, isFirst, isLast, isAbsorb, hasBlock, isBlockEnd })) b.bool(`PORT-BOOL-${name}`, flag)
  for (const [name, flag] of Object.entries({ isFirst, isLast, isAbsorb })) b.zero(`PORT-IDLE-${name}`, flag.mul(isReal.not()))

  // The 50 rows of a call. The first row follows the last one, of which nothing continues.
  const continues = isReal.sub(isLast)
  const follows = isReal.next().sub(isFirst.next())
  b.zero('PORT-WHOLE', b.isLast.mul(continues))
  b.when(continues).equal('PORT-CONTINUES', follows, 1)
  b.zero('PORT-BEGINS', continues.not().mul(follows))
  b.when(isFirst).zero('PORT-POSITION-FIRST', position)
  b.when(isLast).equal('PORT-POSITION-LAST', position, stateWords - 1)
  b.when(continues).equal('PORT-POSITION', position.next(), position.add(1))
  for (const [name, constant] of Object.entries({ isAbsorb, statePointer, blockPointer, timestamp })) {
    b.when(continues).equal(`PORT-SAME-${name}`, constant.next(), constant)
  }

  // hasBlock is 1 from the first row of an absorbing call to the one that ends the block.
  b.when(isFirst).equal('PORT-BLOCK-FIRST', hasBlock, isAbsorb)
  b.when(isBlockEnd).equal('PORT-BLOCK-END', position, rateWords - 1)
  b.when(continues).equal('PORT-BLOCK', hasBlock.next(), hasBlock.sub(isBlockEnd))
  b.zero('PORT-BLOCK-ENDED', isLast.mul(hasBlock))
  b.zero('PORT-BLOCK-IDLE', hasBlock.mul(isReal.not()))

  const number = isAbsorb.mul(keccakNumbers.absorb - keccakNumbers.permute).add(keccakNumbers.permute)
  b.receive('PORT-CALL', systemBus, [number, statePointer, statePointer, timestamp], isFirst)

  const access = ({
    tag,
    where,
    address,
    before,
    after,
    at,
    isThere,
  }: {
    readonly tag: string
    readonly where: bigint
    readonly address: Expression
    readonly before: Expression
    readonly after: Expression
    readonly at: Expression
    readonly isThere: Expression
  }): void => {
    const previous = b.main(`${tag.toLowerCase()}.previous`)
    const since = b.main(`${tag.toLowerCase()}.since`)
    b.receive(`PORT-${tag}-BEFORE`, memoryBus, [where, address, before, previous], isThere)
    b.send(`PORT-${tag}-AFTER`, memoryBus, [where, address, after, at], isThere)
    b.send(`PORT-${tag}-SINCE-LOW`, halfBus, [since], isThere)
    b.send(`PORT-${tag}-SINCE-HIGH`, bytePairBus, [highPart(at.sub(previous).sub(1), since), 0], isThere)
  }
  const before = b.main('before')
  const after = b.main('after')
  const bytesOf = (name: string): Expression[] => [0, 1, 2, 3].map((index) => b.main(`${name}${index}`))
  const numberOf = (bytes: readonly Expression[]): Expression => b.sum(bytes.map((byte, index) => byte.mul(1n << BigInt(8 * index))))
  const stateBytes = bytesOf('state')
  const blockBytes = bytesOf('block')
  const conjunctions = bytesOf('and')
  const block = numberOf(blockBytes)
  const offset = position.mul(4)
  const memory = { where: space.ram, isThere: isReal }
  access({ tag: 'STATE', ...memory, address: statePointer.add(offset), before, after, at: timestamp.add(2) })
  const read = { before: block, after: block, at: timestamp.add(1) }
  access({ tag: 'BLOCK', where: space.ram, isThere: hasBlock, address: blockPointer.add(offset), ...read })
  const argument = { before: blockPointer, after: blockPointer, at: timestamp.add(2) }
  access({ tag: 'ARGUMENT', where: space.register, isThere: isFirst.mul(isAbsorb), address: b.constant(blockRegister), ...argument })

  // What is permuted: the state's word, with the block's where there is one. x XOR y = x + y − 2·(x AND y).
  b.when(hasBlock).equal('PORT-STATE-BYTES', before, numberOf(stateBytes))
  conjunctions.forEach((byte, index) => {
    b.send(`PORT-AND-${index}`, byteAndBus, [stateBytes[index] ?? 0, blockBytes[index] ?? 0, byte], hasBlock)
  })
  const permuted = before.add(hasBlock.mul(block.sub(numberOf(conjunctions).mul(2))))
  const keep = isFirst.not().mul(b.challenge('tau'))
  const input = b.accumulate('PORT-INPUT', { keep, term: permuted })
  const output = b.accumulate('PORT-OUTPUT', { keep, term: after })
  b.send('PORT-STATE-INPUT', stateBus, [timestamp, 0, input.next()], isLast)
  b.send('PORT-STATE-OUTPUT', stateBus, [timestamp, 1, output.next()], isLast)
})
