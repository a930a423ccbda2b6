import { z } from 'zod'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { receiptToRlp } from '../../encoding/consensus-rlp.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const debug_getRawReceipts = defineMethod({
  name: 'debug_getRawReceipts',
  summary: 'EIP-2718 encodings of all receipts of a block.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: z.array(DataResult),
  handle: ([ref], { chain }) => chain.receipts(requireBlock(ref, chain).header.number).map(receiptToRlp),
})
