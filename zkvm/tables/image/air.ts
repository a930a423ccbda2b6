import { defineTable } from '../../air/table.ts'
import { imageBus } from '../buses.ts'

/** The words of RAM that the program's file fills. The count is 0 or 1, because `ram` lists an address once. */
export const imageTable = defineTable('image', (b) => {
  const address = b.fixed('address')
  const value = b.fixed('value')
  b.receive('IMAGE-WORD', imageBus, [address, value], b.main('count'))
})
