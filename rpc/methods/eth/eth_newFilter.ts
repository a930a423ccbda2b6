import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LogFilterParam } from '../../schemas/log-filter.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_newFilter = defineMethod({
  name: 'eth_newFilter',
  summary: 'Starts a filter for logs, to be polled with eth_getFilterChanges. It ends when nobody polls it for five minutes.',
  params: z.tuple([param('filter', LogFilterParam)]),
  result: DataResult,
  handle: ([filter], { filters }) => filters.addLogFilter(filter),
})
