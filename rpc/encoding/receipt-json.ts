import type { z } from 'zod'
import type { Log, Receipt } from '../../core/index.ts'
import type { LogResult, ReceiptResult } from '../schemas/results.ts'
import { toQuantity } from './quantity.ts'

export type LogJson = z.output<typeof LogResult>
export type ReceiptJson = z.output<typeof ReceiptResult>

export function logToJson(log: Log): LogJson {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockHash: log.blockHash,
    blockNumber: toQuantity(log.blockNumber),
    blockTimestamp: toQuantity(log.blockTimestamp),
    transactionHash: log.transactionHash,
    transactionIndex: toQuantity(log.transactionIndex),
    logIndex: toQuantity(log.logIndex),
    removed: false,
  }
}

export function receiptToJson(receipt: Receipt): ReceiptJson {
  return {
    transactionHash: receipt.transactionHash,
    transactionIndex: toQuantity(receipt.transactionIndex),
    blockHash: receipt.blockHash,
    blockNumber: toQuantity(receipt.blockNumber),
    type: toQuantity(receipt.type),
    from: receipt.from,
    to: receipt.to,
    contractAddress: receipt.contractAddress,
    status: receipt.succeeded ? '0x1' : '0x0',
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(receipt.effectiveGasPrice),
    logs: receipt.logs.map(logToJson),
    logsBloom: receipt.logsBloom,
  }
}
