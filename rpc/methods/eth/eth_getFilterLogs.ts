import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { FilterId } from '../../schemas/filter-id.ts'
import { param } from '../../schemas/primitives.ts'
import { LogResult } from '../../schemas/results.ts'

export const eth_getFilterLogs = defineMethod({
  name: 'eth_getFilterLogs',
  summary: 'All logs that match a log filter.',
  params: z.tuple([param('filterId', FilterId)]),
  result: z.array(LogResult),
  handle: ([id], { filters }) => filters.logs(id),
})
