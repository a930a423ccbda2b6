import type { BatchPosition, Hex } from '../../core/index.ts'
import { toQuantity } from './quantity.ts'

/** A block's batch in the fields that zkSync's clients know; null while the batch is open. */
export function blockBatchFields(position: BatchPosition | undefined): { l1BatchNumber: Hex | null; l1BatchTimestamp: Hex | null } {
  if (position === undefined) return { l1BatchNumber: null, l1BatchTimestamp: null }
  return { l1BatchNumber: toQuantity(position.batchNumber), l1BatchTimestamp: toQuantity(position.lastTimestamp) }
}

/** The same of a transaction, by its index in the block. `l1BatchTxIndex` is what `txNumberInBatch` of a message is. */
export function transactionBatchFields(
  position: BatchPosition | undefined,
  index: number | null,
): { l1BatchNumber: Hex | null; l1BatchTxIndex: Hex | null } {
  if (position === undefined || index === null) return { l1BatchNumber: null, l1BatchTxIndex: null }
  return { l1BatchNumber: toQuantity(position.batchNumber), l1BatchTxIndex: toQuantity(position.transactionsBefore + index) }
}
