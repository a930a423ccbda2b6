import type { z } from 'zod'
import type { BatchReader, ChainReader, SealedBlock } from '../../core/index.ts'
import { blockToJson } from '../encoding/block-json.ts'
import { toQuantity } from '../encoding/quantity.ts'
import { receiptToJson } from '../encoding/receipt-json.ts'
import type { BlockDetailsResult, BlockTransactionsResult } from './schemas.ts'

interface Deps {
  readonly chain: ChainReader
  readonly batches: BatchReader
}

const zero = toQuantity(0)

export function blockDetails(block: SealedBlock, deps: Deps): z.output<typeof BlockDetailsResult> {
  const { transactions: _, ...slim } = slimBlock(block, deps)
  const fees = deps.chain.receipts(block.header.number).map(({ gasUsed, effectiveGasPrice }) => gasUsed * effectiveGasPrice)
  return {
    block: slim,
    // Nothing is minted here: ETH comes from L1.
    issuance: { blockReward: zero, uncleReward: zero, issuance: zero },
    totalFees: toQuantity(fees.reduce((sum, fee) => sum + fee, 0n)),
  }
}

/** A page of the block's transactions; page 0 has the last ones. Call data is cut to the function's selector. */
export function blockTransactions(
  block: SealedBlock,
  { page, pageSize }: { readonly page: number; readonly pageSize: number },
  deps: Deps,
): z.output<typeof BlockTransactionsResult> {
  const end = Math.max(0, block.transactions.length - page * pageSize)
  const start = Math.max(0, end - pageSize)
  const slim = slimBlock(block, deps)
  const position = deps.batches.position(block.header.number)
  return {
    fullblock: {
      ...slim,
      transactions: slim.transactions.slice(start, end).map((transaction) => ({ ...transaction, input: transaction.input.slice(0, 10) })),
    },
    receipts: deps.chain
      .receipts(block.header.number)
      .slice(start, end)
      .map((receipt) => ({
        ...receiptToJson(receipt, position),
        ...{ logs: null, logsBloom: null, l2ToL1Logs: null },
        timestamp: Number(block.header.timestamp),
      })),
  }
}

function slimBlock(block: SealedBlock, { batches }: Deps) {
  const json = blockToJson(block, batches.position(block.header.number), 'full')
  const transactions = json.transactions.filter((transaction) => typeof transaction === 'object')
  return { ...json, transactions, logsBloom: null, transactionCount: block.transactions.length }
}
