import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { SearchResult } from '../../otterscan/schemas.ts'
import { TransactionSearch } from '../../otterscan/transaction-search.ts'
import { Address, BlockNumber, PageSize, param } from '../../schemas/primitives.ts'

export const ots_searchTransactionsAfter = defineMethod({
  name: 'ots_searchTransactionsAfter',
  summary: 'Transactions after a block (0: the oldest) in which an address takes part, newest first, by pages of whole blocks.',
  params: z.tuple([param('address', Address), param('block', BlockNumber), param('pageSize', PageSize)]),
  result: SearchResult,
  handle: ([address, number, pageSize], context) => new TransactionSearch(address, context).after(number, pageSize),
})
