import { defineTable } from '../../air/table.ts'
import { byteAndBus, bytePairBus, halfBus, powerBus } from '../buses.ts'

/** All pairs of bytes, and how often each is looked up. */
export const bytesTable = defineTable('bytes', (b) => {
  const x = b.fixed('x')
  const y = b.fixed('y')
  const and = b.fixed('and')
  const power = b.fixed('power')
  const complement = b.fixed('complement')
  b.receive('BYTES-HALF', halfBus, [y.mul(256).add(x)], b.main('halves'))
  b.receive('BYTES-PAIR', bytePairBus, [x, y], b.main('pairs'))
  b.receive('BYTES-AND', byteAndBus, [x, y, and], b.main('ands'))
  b.receive('BYTES-POWER', powerBus, [x, power, complement], b.main('powers'))
})
