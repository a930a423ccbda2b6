import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { blockTransactions } from '../../otterscan/block-details.ts'
import { BlockTransactionsResult } from '../../otterscan/schemas.ts'
import { BlockNumber, LooseNumber, PageSize, param } from '../../schemas/primitives.ts'

export const ots_getBlockTransactions = defineMethod({
  name: 'ots_getBlockTransactions',
  summary: 'A page of the transactions of a block, page 0 with the last ones, without logs; null for an unknown block.',
  params: z.tuple([param('block', BlockNumber), param('page', LooseNumber), param('pageSize', PageSize)]),
  result: BlockTransactionsResult.nullable(),
  handle([number, page, pageSize], context) {
    const block = findBlock({ kind: 'number', number }, context.chain)
    return block === undefined ? null : blockTransactions(block, { page, pageSize }, context)
  },
})
