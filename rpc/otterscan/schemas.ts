import { z } from 'zod'
import { AddressResult, BlockResult, QuantityResult, ReceiptResult, TransactionResult } from '../schemas/results.ts'

/** A block without its transactions, and without what Otterscan does not show. */
const SlimBlock = BlockResult.omit({ transactions: true }).extend({ logsBloom: z.null(), transactionCount: z.number() })

export const BlockDetailsResult = z
  .strictObject({
    block: SlimBlock,
    issuance: z.strictObject({ blockReward: QuantityResult, uncleReward: QuantityResult, issuance: QuantityResult }),
    totalFees: QuantityResult,
  })
  .meta({ title: 'BlockDetails' })

/** A receipt without logs, but with the time of its block. */
const SlimReceipt = ReceiptResult.extend({ logs: z.null(), logsBloom: z.null(), l2ToL1Logs: z.null(), timestamp: z.number() })

export const BlockTransactionsResult = z
  .strictObject({
    fullblock: SlimBlock.extend({ transactions: z.array(TransactionResult) }),
    receipts: z.array(SlimReceipt),
  })
  .meta({ title: 'BlockTransactions' })

const SearchReceipt = ReceiptResult.extend({ timestamp: z.number() })

export const SearchResult = z
  .strictObject({
    txs: z.array(TransactionResult),
    receipts: z.array(SearchReceipt),
    firstPage: z.boolean(),
    lastPage: z.boolean(),
  })
  .meta({ title: 'TransactionsPage' })

export const InternalOperationResult = z
  .strictObject({ type: z.number(), from: AddressResult, to: AddressResult, value: QuantityResult })
  .meta({ title: 'InternalOperation', description: 'type: 0 transfer, 1 selfdestruct, 2 CREATE, 3 CREATE2.' })
