import { z } from 'zod'
import { receiptToJson } from '../../encoding/receipt-json.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { ReceiptResult } from '../../schemas/results.ts'

export const eth_getTransactionReceipt = defineMethod({
  name: 'eth_getTransactionReceipt',
  summary: 'Receipt of a sealed transaction; null while it is not sealed.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: ReceiptResult.nullable(),
  handle([hash], { chain, batches }) {
    const receipt = chain.receipt(hash)
    return receipt === undefined ? null : receiptToJson(receipt, batches.position(receipt.blockNumber))
  },
})
