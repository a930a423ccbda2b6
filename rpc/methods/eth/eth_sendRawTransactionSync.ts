import { z } from 'zod'
import { receiptToJson } from '../../encoding/receipt-json.ts'
import { defineMethod } from '../../method.ts'
import { waitForReceipt } from '../../pool/wait-for-receipt.ts'
import { Data, LooseNumber, param } from '../../schemas/primitives.ts'
import { ReceiptResult } from '../../schemas/results.ts'

const defaultTimeoutMs = 20_000
const maxTimeoutMs = 60_000

export const eth_sendRawTransactionSync = defineMethod({
  name: 'eth_sendRawTransactionSync',
  summary:
    'Accepts a signed transaction and returns its receipt once it is sealed (EIP-7966). Waits 20 s unless told otherwise, at most 60 s.',
  params: z.tuple([param('transaction', Data), param('timeoutMs', LooseNumber.nullish())]),
  result: ReceiptResult,
  async handle([raw, timeoutMs], context) {
    const { pool, batches, request } = context
    const hash = await pool.submit(raw)
    const waitMs = Math.min(timeoutMs ?? defaultTimeoutMs, maxTimeoutMs)
    const receipt = await waitForReceipt(hash, context, { timeoutMs: waitMs, signal: request.signal })
    return receiptToJson(receipt, batches.position(receipt.blockNumber))
  },
})
