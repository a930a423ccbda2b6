import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_newPendingTransactionFilter = defineMethod({
  name: 'eth_newPendingTransactionFilter',
  summary: 'Starts a filter for hashes of transactions that enter the pool, to be polled with eth_getFilterChanges.',
  params: z.tuple([]),
  result: DataResult,
  handle: (_params, { filters }) => filters.addPendingTransactionFilter(),
})
