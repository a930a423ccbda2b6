import { z } from 'zod'
import { queryLogs } from '../../logs/query-logs.ts'
import { defineMethod } from '../../method.ts'
import { LogFilterParam } from '../../schemas/log-filter.ts'
import { param } from '../../schemas/primitives.ts'
import { LogResult } from '../../schemas/results.ts'

export const eth_getLogs = defineMethod({
  name: 'eth_getLogs',
  summary: 'Logs of a range of blocks or of one block, by address and topics.',
  params: z.tuple([param('filter', LogFilterParam)]),
  result: z.array(LogResult),
  handle: ([filter], { chain, limits }) => queryLogs(filter, chain, limits),
})
