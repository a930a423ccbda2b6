import { z } from 'zod'
import { pendingBlockToJson } from '../../blocks/pending-block.ts'
import { findBlock, isPending } from '../../blocks/resolve-block.ts'
import { blockToJson } from '../../encoding/block-json.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { BlockResult } from '../../schemas/results.ts'

export const eth_getBlockByNumber = defineMethod({
  name: 'eth_getBlockByNumber',
  summary: 'A block by number or tag, with transaction hashes or whole transactions; null for an unknown block.',
  params: z.tuple([param('block', BlockNumberOrTag), param('fullTransactions', z.boolean().nullish())]),
  result: BlockResult.nullable(),
  handle([ref, full], context) {
    const detail = full === true ? 'full' : 'hashes'
    if (isPending(ref)) return pendingBlockToJson(context.simulator, detail)
    const block = findBlock(ref, context.chain)
    return block === undefined ? null : blockToJson(block, context.batches.position(block.header.number), detail)
  },
})
