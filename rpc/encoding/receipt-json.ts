import type { z } from 'zod'
import { type BatchPosition, keccak256Hex, type Log, messageOfLog, predeploys, type Receipt } from '../../core/index.ts'
import type { LogResult, ReceiptResult } from '../schemas/results.ts'
import { transactionBatchFields } from './batch-fields.ts'
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

/** `position` is its block's in the batch; undefined while that is open. */
export function receiptToJson(receipt: Receipt, position: BatchPosition | undefined): ReceiptJson {
  const batchFields = transactionBatchFields(position, receipt.transactionIndex)
  const { l1BatchNumber } = batchFields
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
    logs: receipt.logs.map((log, index) => ({
      ...logToJson(log),
      l1BatchNumber,
      transactionLogIndex: toQuantity(index),
      logType: null,
    })),
    logsBloom: receipt.logsBloom,
    ...batchFields,
    l2ToL1Logs: receipt.logs.flatMap((log) => l2ToL1LogToJson(log, l1BatchNumber) ?? []),
  }
}

type L2ToL1LogJson = ReceiptJson['l2ToL1Logs'][number]

/** The log as the leaf of the message that it announces (docs/formats.md §4); undefined where it announces none. */
function l2ToL1LogToJson(log: Log, l1BatchNumber: L2ToL1LogJson['l1BatchNumber']): L2ToL1LogJson | undefined {
  const message = messageOfLog(log, log.transactionIndex)
  if (message === undefined) return undefined
  return {
    blockHash: log.blockHash,
    blockNumber: toQuantity(log.blockNumber),
    l1BatchNumber,
    transactionHash: log.transactionHash,
    transactionIndex: toQuantity(log.transactionIndex),
    logIndex: toQuantity(log.logIndex),
    shardId: '0x0',
    isService: true,
    sender: predeploys.messenger,
    key: `0x${message.sender.slice(2).padStart(64, '0')}`,
    value: keccak256Hex(message.message),
  }
}
