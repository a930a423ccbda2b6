import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { FilterId } from '../../schemas/filter-id.ts'
import { param } from '../../schemas/primitives.ts'

export const eth_uninstallFilter = defineMethod({
  name: 'eth_uninstallFilter',
  summary: 'Ends a filter; false where there was none.',
  params: z.tuple([param('filterId', FilterId)]),
  result: z.boolean(),
  handle: ([id], { filters }) => filters.remove(id),
})
