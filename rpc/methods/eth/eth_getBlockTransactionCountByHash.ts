import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getBlockTransactionCountByHash = defineMethod({
  name: 'eth_getBlockTransactionCountByHash',
  summary: 'Number of transactions in a block; null for an unknown block.',
  params: z.tuple([param('blockHash', Hash)]),
  result: QuantityResult.nullable(),
  handle([hash], { chain }) {
    const block = chain.blockByHash(hash)
    return block === undefined ? null : toQuantity(block.transactions.length)
  },
})
