import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_newBlockFilter = defineMethod({
  name: 'eth_newBlockFilter',
  summary: 'Starts a filter for hashes of new blocks, to be polled with eth_getFilterChanges.',
  params: z.tuple([]),
  result: DataResult,
  handle: (_params, { filters }) => filters.addBlockFilter(),
})
