import { z } from 'zod'
import { sendTransaction } from '../../accounts/send-transaction.ts'
import { receiptToJson } from '../../encoding/receipt-json.ts'
import { defineMethod } from '../../method.ts'
import { waitForReceipt } from '../../pool/wait-for-receipt.ts'
import { SendableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { ReceiptResult } from '../../schemas/results.ts'

const timeoutMs = 20_000

export const eth_sendTransactionSync = defineMethod({
  name: 'eth_sendTransactionSync',
  summary: 'As eth_sendTransaction, but returns the receipt once the transaction is sealed. Waits 20 s.',
  params: z.tuple([param('transaction', SendableParam)]),
  result: ReceiptResult,
  async handle([{ from, request }], context) {
    const hash = await sendTransaction(from, request, context)
    const receipt = await waitForReceipt(hash, context, { timeoutMs, signal: context.request.signal })
    return receiptToJson(receipt, context.batches.position(receipt.blockNumber))
  },
})
