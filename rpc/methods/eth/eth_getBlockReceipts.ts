import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { receiptToJson } from '../../encoding/receipt-json.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { ReceiptResult } from '../../schemas/results.ts'

export const eth_getBlockReceipts = defineMethod({
  name: 'eth_getBlockReceipts',
  summary: 'Receipts of all transactions of a block; null for an unknown block.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: z.array(ReceiptResult).nullable(),
  handle([ref], { chain, batches }) {
    const block = findBlock(ref, chain)
    if (block === undefined) return null
    const { number } = block.header
    const position = batches.position(number)
    return chain.receipts(number).map((receipt) => receiptToJson(receipt, position))
  },
})
