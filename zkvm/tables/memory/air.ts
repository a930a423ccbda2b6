import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { byteAndBus, bytePairBus, halfBus, loadStoreBus, memoryBus, space } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { dropsResult, operations } from '../operations.ts'

const instructions = ['lb', 'lh', 'lw', 'lbu', 'lhu', 'sb', 'sh', 'sw'] as const
const signBit = 0x80

/** A row is a load or store: it accesses the aligned word around its bytes. A misaligned one has no row, so its run has no proof. */
export const memoryTable = defineTable('memory', (b) => {
  const is = Object.fromEntries(instructions.map((name) => [name, b.main(`is_${name}`)])) as Record<
    (typeof instructions)[number],
    Expression
  >
  const isDropped = b.main('isDropped')
  const address = b.main('address')
  const stored = b.main('stored')
  const result = b.main('result')
  const timestamp = b.main('timestamp')
  const offsets = [0, 1, 2, 3].map((offset) => b.main(`isAt${offset}`))
  const bytes = [0, 1, 2, 3].map((index) => b.main(`byte${index}`))
  const [at0, at1, at2, at3] = offsets as [Expression, Expression, Expression, Expression]
  const [byte0, byte1, byte2, byte3] = bytes as [Expression, Expression, Expression, Expression]

  const isReal = b.sum(instructions.map((name) => is[name]))
  for (const name of instructions) b.bool(`MEM-IS-${name}`, is[name])
  b.bool('MEM-ONE', isReal)
  b.bool('MEM-DROPPED', isDropped)
  b.zero('MEM-DROPPED-LOAD', isDropped.mul(b.sum([is.lb, is.lh, is.lw, is.lbu, is.lhu]).not()))
  const operation = b.sum(instructions.map((name) => is[name].mul(operations[name]))).add(isDropped.mul(dropsResult))
  b.receive('MEM-CALL', loadStoreBus, [operation, address, stored, result, timestamp], isReal)

  // Alignment. The word's address is the address less the offset; `ram` has words at multiples of four only.
  offsets.forEach((flag, offset) => {
    b.bool(`MEM-AT-${offset}`, flag)
  })
  b.equal('MEM-ONE-OFFSET', b.sum(offsets), isReal)
  b.zero('MEM-ALIGNED-HALF', b.sum([is.lh, is.lhu, is.sh]).mul(at1.add(at3)))
  b.zero('MEM-ALIGNED-WORD', is.lw.add(is.sw).mul(b.sum([at1, at2, at3])))
  const wordAddress = address.sub(at1).sub(at2.mul(2)).sub(at3.mul(3))

  // The word before, byte by byte, and after.
  const previous = b.main('previous')
  const since = b.main('since')
  const after = b.main('after')
  const before = b.sum(bytes.map((byte, index) => byte.mul(1n << BigInt(8 * index))))
  b.send('MEM-BYTES-01', bytePairBus, [byte0, byte1], isReal)
  b.send('MEM-BYTES-23', bytePairBus, [byte2, byte3], isReal)
  b.receive('MEM-BEFORE', memoryBus, [space.ram, wordAddress, before, previous], isReal)
  b.send('MEM-AFTER', memoryBus, [space.ram, wordAddress, after, timestamp], isReal)
  b.send('MEM-SINCE-LOW', halfBus, [since], isReal)
  b.send('MEM-SINCE-HIGH', bytePairBus, [highPart(timestamp.sub(previous).sub(1), since), 0], isReal)

  // What is selected: the low byte of it, and the byte whose top bit is its sign.
  const low = b.main('low')
  const top = b.main('top')
  const isNegative = b.main('isNegative')
  const isByteLoad = is.lb.add(is.lbu)
  const isHalfLoad = is.lh.add(is.lhu)
  b.equal('MEM-LOW', low, b.sum(offsets.map((flag, offset) => flag.mul(bytes[offset] ?? 0))))
  b.zero('MEM-TOP-BYTE', isByteLoad.mul(top.sub(low)))
  b.zero('MEM-TOP-HALF', isHalfLoad.mul(top.sub(at0.mul(byte1)).sub(at2.mul(byte3))))
  b.send('MEM-SIGN', byteAndBus, [top, signBit, isNegative.mul(signBit)], is.lb.add(is.lh))
  const half = low.add(top.mul(256))
  const loaded = b.sum([
    is.lw.mul(before),
    is.lbu.mul(low),
    is.lhu.mul(half),
    is.lb.mul(low.add(isNegative.mul((1n << 32n) - 256n))),
    is.lh.mul(half.add(isNegative.mul((1n << 32n) - 65536n))),
  ])
  b.zero('MEM-RESULT', result.sub(isDropped.not().mul(loaded)))

  // What is stored: `stored` is 32-bit, being a register's; its low two bytes take the place of one or two of the word's.
  const storedLow = b.main('storedLow')
  const storedNext = b.main('storedNext')
  const storedHalf = storedLow.add(storedNext.mul(256))
  b.send('MEM-STORED-BYTES', bytePairBus, [storedLow, storedNext], isReal)
  b.send('MEM-STORED-HIGH', halfBus, [highPart(stored, storedHalf)], isReal)
  const change = b.sum([
    is.sw.mul(stored.sub(before)),
    is.sb.mul(b.sum(offsets.map((flag, offset) => flag.mul(storedLow.sub(bytes[offset] ?? 0)).mul(1n << BigInt(8 * offset))))),
    is.sh.mul(at0.mul(storedHalf.sub(byte0).sub(byte1.mul(256)))),
    is.sh.mul(at2.mul(storedHalf.sub(byte2).sub(byte3.mul(256)))).mul(65536),
  ])
  b.zero('MEM-STORE', after.sub(before).sub(change))
})
