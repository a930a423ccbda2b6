import { defineTable } from '../../air/table.ts'
import { regionBus } from '../buses.ts'

/** The parts of RAM that do not belong to the image: (kind, first address, last address) and how many touched words lie in each. */
export const regionsTable = defineTable('regions', (b) => {
  const kind = b.fixed('kind')
  const first = b.fixed('first')
  const last = b.fixed('last')
  b.receive('REGIONS-WORD', regionBus, [kind, first, last], b.main('count'))
})
