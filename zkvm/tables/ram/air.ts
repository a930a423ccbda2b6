import { defineTable } from '../../air/table.ts'
import { inverse } from '../../field/goldilocks.ts'
import { halfBus, imageBus, memoryBus, regionBus, space } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { regionKind } from '../regions/regions.ts'

const inverseOf4 = inverse(4n)

/**
 * A row is a register or a word of RAM that the run touched: what it held at the start and what it holds at the end. Registers come
 * first, then RAM; addresses increase strictly within each, so none begins twice.
 */
export const ramTable = defineTable('ram', (b) => {
  const isRegister = b.main('isRegister')
  const isImage = b.main('isImage')
  const isInput = b.main('isInput')
  const isZero = b.main('isZero')
  const address = b.main('address')
  const initial = b.main('initial')
  const final = b.main('final')
  const timestamp = b.main('timestamp')
  for (const [tag, flag] of Object.entries({ isRegister, isImage, isInput, isZero })) b.bool(`RAM-KIND-${tag}`, flag)
  const isRam = b.sum([isImage, isInput, isZero])
  const isReal = isRam.add(isRegister)
  const nextIsReal = b.sum([isRegister, isImage, isInput, isZero].map((flag) => flag.next()))
  b.bool('RAM-ONE-KIND', isReal)
  b.when(b.isTransition).zero('RAM-NO-GAP', isReal.not().mul(nextIsReal))

  const where = isRegister.mul(space.register)
  b.send('RAM-INITIAL', memoryBus, [where, address, initial, 0], isReal)
  b.receive('RAM-FINAL', memoryBus, [where, address, final, timestamp], isReal)

  // Order. isRegister does not increase, so there is one step between the spaces, and only there addresses need not increase.
  const isOrdered = b.main('isOrdered')
  const stepLow = b.main('stepLow')
  b.when(b.isTransition).zero('RAM-REGISTERS-FIRST', isRegister.not().mul(isRegister.next()))
  b.when(b.isTransition).zero('RAM-ORDERED', isOrdered.sub(nextIsReal.mul(isRegister.sub(isRegister.next()).not())))
  b.when(b.isLast).zero('RAM-ORDERED-LAST', isOrdered)
  b.send('RAM-STEP-LOW', halfBus, [stepLow], isOrdered)
  b.send('RAM-STEP-HIGH', halfBus, [highPart(address.next().sub(address).sub(1), stepLow)], isOrdered)

  // Words, not bytes: an address is four times an integer below 2^32.
  const wordLow = b.main('wordLow')
  b.send('RAM-WORD-LOW', halfBus, [wordLow], isRam)
  b.send('RAM-WORD-HIGH', halfBus, [highPart(address.mul(inverseOf4), wordLow)], isRam)

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
