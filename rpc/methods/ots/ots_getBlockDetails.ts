import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { blockDetails } from '../../otterscan/block-details.ts'
import { BlockDetailsResult } from '../../otterscan/schemas.ts'
import { BlockNumber, param } from '../../schemas/primitives.ts'

export const ots_getBlockDetails = defineMethod({
  name: 'ots_getBlockDetails',
  summary: 'A block without its transactions, with the fees that they paid; null for an unknown block.',
  params: z.tuple([param('block', BlockNumber)]),
  result: BlockDetailsResult.nullable(),
  handle([number], context) {
    const block = findBlock({ kind: 'number', number }, context.chain)
    return block === undefined ? null : blockDetails(block, context)
  },
})
