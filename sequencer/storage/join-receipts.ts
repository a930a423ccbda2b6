import type { Log, Receipt, SealedBlock } from '../../core/index.ts'
import type { ReceiptHead } from './block-table.ts'
import type { LogRow } from './log-table.ts'

/** A log with what its block tells. */
export function toLog(row: LogRow, block: SealedBlock): Log {
  const transaction = block.transactions[row.transactionIndex]
  if (transaction === undefined) throw new TypeError(`a log of block ${row.blockNumber} names a transaction that is not there`)
  return {
    ...row,
    blockHash: block.hash,
    blockTimestamp: block.header.timestamp,
    transactionHash: transaction.hash,
  }
}

interface ReceiptParts {
  readonly block: SealedBlock
  readonly heads: readonly ReceiptHead[]
  readonly logs: readonly LogRow[]
}

/** Receipts from their rows and those of their logs. */
export function joinReceipts({ block, heads, logs }: ReceiptParts): Receipt[] {
  let next = 0
  return heads.map(({ logCount, ...head }) => {
    const first = next
    next += logCount
    return {
      ...head,
      blockHash: block.hash,
      blockNumber: block.header.number,
      logs: logs.slice(first, next).map((row) => toLog(row, block)),
    }
  })
}
