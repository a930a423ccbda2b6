import { defineTable } from '../../air/table.ts'
import { inverse } from '../../field/goldilocks.ts'
import { carriedBus, halfBus, imageBus, memoryBus, regionBus, space } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { regionKind } from '../regions/regions.ts'

const inverseOf4 = inverse(4n)

/**
 * A row is a register or a word of RAM that the segment touches: what it holds when the segment begins and when it ends. Registers come first,
 * then RAM; addresses increase strictly within each, so none begins twice. The run's first segment lists all that any segment touches.
 */
export const ramTable = defineTable('ram', (b) => {
  const isRegister = b.main('isRegister')
  const isImage = b.main('isImage')
  const isInput = b.main('isInput')
  const isZero = b.main('isZero')
  const isContinuedRegister = b.main('isContinuedRegister')
  const isContinuedWord = b.main('isContinuedWord')
  const address = b.main('address')
  const initial = b.main('initial')
  const final = b.main('final')
  const timestamp = b.main('timestamp')
  const kinds = { isRegister, isImage, isInput, isZero, isContinuedRegister, isContinuedWord }
  for (const [tag, flag] of Object.entries(kinds)) b.bool(`RAM-KIND-${tag}`, flag)
  const isFirstWord = b.sum([isImage, isInput, isZero])
  const isInRegisters = isRegister.add(isContinuedRegister)
  const isContinued = isContinuedRegister.add(isContinuedWord)
  const isReal = b.sum(Object.values(kinds))
  const nextIsReal = b.sum(Object.values(kinds).map((flag) => flag.next()))
  const nextIsInRegisters = isRegister.next().add(isContinuedRegister.next())
  b.bool('RAM-ONE-KIND', isReal)
  b.when(b.isTransition).zero('RAM-NO-GAP', isReal.not().mul(nextIsReal))

  const where = isInRegisters.mul(space.register)
  b.send('RAM-INITIAL', memoryBus, [where, address, initial, 0], isReal)
  b.receive('RAM-FINAL', memoryBus, [where, address, final, timestamp], isReal)

  // Order. Registers are not followed by others, so there is one step between the spaces, and only there addresses need not increase.
  const isOrdered = b.main('isOrdered')
  const stepLow = b.main('stepLow')
  b.when(b.isTransition).zero('RAM-REGISTERS-FIRST', isInRegisters.not().mul(nextIsInRegisters))
  b.when(b.isTransition).zero('RAM-ORDERED', isOrdered.sub(nextIsReal.mul(isInRegisters.sub(nextIsInRegisters).not())))
  b.when(b.isLast).zero('RAM-ORDERED-LAST', isOrdered)
  b.send('RAM-STEP-LOW', halfBus, [stepLow], isOrdered)
  b.send('RAM-STEP-HIGH', halfBus, [highPart(address.next().sub(address).sub(1), stepLow)], isOrdered)

  // Between segments. Only the first one begins addresses, each once; every other takes what an earlier one left, and each row leaves it at most once. So
  // the rows of an address are one chain of rising segments: nobody finds an older value than the last one. What is left says by whom, plus 1,
  // which is never 0 or beyond the number of segments: a difference that is a half shows that it was an earlier one.
  const isKept = b.main('isKept')
  const from = b.main('from')
  b.bool('RAM-KEPT-BOOL', isKept)
  b.zero('RAM-KEPT-IDLE', isKept.mul(isReal.not()))
  b.zero('RAM-FIRST-SEGMENT', isFirstWord.add(isRegister).mul(b.segmentIndex))
  b.receive('RAM-CONTINUED', carriedBus, [where, address, initial, from], isContinued)
  b.send('RAM-SINCE', halfBus, [b.segmentIndex.sub(from)], isContinued)
  b.send('RAM-KEPT', carriedBus, [where, address, final, b.segmentIndex.add(1)], isKept)

  // Words, not bytes: an address is four times an integer below 2^32.
  const wordLow = b.main('wordLow')
  b.send('RAM-WORD-LOW', halfBus, [wordLow], isFirstWord)
  b.send('RAM-WORD-HIGH', halfBus, [highPart(address.mul(inverseOf4), wordLow)], isFirstWord)

  // What it holds at the start.
  const first = b.main('first')
  const last = b.main('last')
  const aboveLow = b.main('aboveLow')
  const belowLow = b.main('belowLow')
  const isInRegion = isZero.add(isInput)
  b.zero('RAM-STARTS-ZERO', isRegister.add(isZero).mul(initial))
  b.send('RAM-IMAGE', imageBus, [address, initial], isImage)
  b.send('RAM-REGION', regionBus, [isInput.mul(regionKind.input), first, last], isInRegion)
  b.send('RAM-ABOVE-LOW', halfBus, [aboveLow], isInRegion)
  b.send('RAM-ABOVE-HIGH', halfBus, [highPart(address.sub(first), aboveLow)], isInRegion)
  b.send('RAM-BELOW-LOW', halfBus, [belowLow], isInRegion)
  b.send('RAM-BELOW-HIGH', halfBus, [highPart(last.sub(address), belowLow)], isInRegion)
  const initialLow = b.main('initialLow')
  b.send('RAM-INPUT-LOW', halfBus, [initialLow], isInput)
  b.send('RAM-INPUT-HIGH', halfBus, [highPart(initial, initialLow)], isInput)
})
