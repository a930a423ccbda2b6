import { z } from 'zod'
import { transactionOfBlock } from '../../encoding/block-json.ts'
import { defineMethod } from '../../method.ts'
import { Hash, Index, param } from '../../schemas/primitives.ts'
import { TransactionResult } from '../../schemas/results.ts'

export const eth_getTransactionByBlockHashAndIndex = defineMethod({
  name: 'eth_getTransactionByBlockHashAndIndex',
  summary: 'A transaction by its place in a block; null where there is none.',
  params: z.tuple([param('blockHash', Hash), param('index', Index)]),
  result: TransactionResult.nullable(),
  handle([hash, index], { chain, batches }) {
    const block = chain.blockByHash(hash)
    return block === undefined ? null : transactionOfBlock(block, batches.position(block.header.number), index)
  },
})
