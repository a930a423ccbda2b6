import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { blockDetails } from '../../otterscan/block-details.ts'
import { BlockDetailsResult } from '../../otterscan/schemas.ts'
import { Hash, param } from '../../schemas/primitives.ts'

export const ots_getBlockDetailsByHash = defineMethod({
  name: 'ots_getBlockDetailsByHash',
  summary: 'A block without its transactions, with the fees that they paid; null for an unknown block.',
  params: z.tuple([param('blockHash', Hash)]),
  result: BlockDetailsResult.nullable(),
  handle([hash], context) {
    const block = context.chain.blockByHash(hash)
    return block === undefined ? null : blockDetails(block, context)
  },
})
