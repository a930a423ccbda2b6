import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { FilterId } from '../../schemas/filter-id.ts'
import { param } from '../../schemas/primitives.ts'
import { HashResult, LogResult } from '../../schemas/results.ts'

export const eth_getFilterChanges = defineMethod({
  name: 'eth_getFilterChanges',
  summary: 'What a filter has seen since it was last polled: logs, or hashes of blocks or transactions.',
  params: z.tuple([param('filterId', FilterId)]),
  result: z.array(z.union([HashResult, LogResult])).readonly(),
  handle: ([id], { filters }) => filters.changes(id),
})
