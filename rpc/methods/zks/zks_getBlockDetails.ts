import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { BlockDetailsResult } from '../../schemas/zks-results.ts'
import { blockDetails } from '../../zks/details.ts'

export const zks_getBlockDetails = defineMethod({
  name: 'zks_getBlockDetails',
  summary: 'A block and how far its batch is, in the terms of zkSync; null for an unknown block.',
  params: z.tuple([param('block', LooseNumber)]),
  result: BlockDetailsResult.nullable(),
  handle([number], { batches, chain }) {
    const block = chain.blockByNumber(BigInt(number))
    return block === undefined ? null : blockDetails(block, batches)
  },
})
