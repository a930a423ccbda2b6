import { z } from 'zod'
import { blockToJson } from '../../encoding/block-json.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { BlockResult } from '../../schemas/results.ts'

export const eth_getBlockByHash = defineMethod({
  name: 'eth_getBlockByHash',
  summary: 'A block by hash, with transaction hashes or whole transactions; null for an unknown block.',
  params: z.tuple([param('blockHash', Hash), param('fullTransactions', z.boolean().nullish())]),
  result: BlockResult.nullable(),
  handle([hash, full], { chain, batches }) {
    const block = chain.blockByHash(hash)
    return block === undefined ? null : blockToJson(block, batches.position(block.header.number), full === true ? 'full' : 'hashes')
  },
})
