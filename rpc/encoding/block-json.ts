import type { z } from 'zod'
import type { BatchPosition, BlockHeader, SealedBlock, Withdrawal } from '../../core/index.ts'
import type { BlockResult, HeadResult } from '../schemas/results.ts'
import { blockBatchFields } from './batch-fields.ts'
import { toQuantity } from './quantity.ts'
import { type TransactionJson, transactionToJson } from './transaction-json.ts'

type HeaderJson = Omit<z.output<typeof HeadResult>, 'hash'>

export type TransactionDetail = 'hashes' | 'full'

export type BlockJson = z.output<typeof BlockResult>

export function headerToJson(header: BlockHeader): HeaderJson {
  return {
    parentHash: header.parentHash,
    sha3Uncles: header.ommersHash,
    miner: header.coinbase,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    logsBloom: header.logsBloom,
    difficulty: toQuantity(header.difficulty),
    number: toQuantity(header.number),
    gasLimit: toQuantity(header.gasLimit),
    gasUsed: toQuantity(header.gasUsed),
    timestamp: toQuantity(header.timestamp),
    extraData: header.extraData,
    mixHash: header.mixHash,
    nonce: header.nonce,
    baseFeePerGas: toQuantity(header.baseFeePerGas),
    withdrawalsRoot: header.withdrawalsRoot,
    blobGasUsed: toQuantity(header.blobGasUsed),
    excessBlobGas: toQuantity(header.excessBlobGas),
    parentBeaconBlockRoot: header.parentBeaconBlockRoot,
    requestsHash: header.requestsHash,
  }
}

/** `position` is the block's in its batch; undefined while that is open. */
export function blockToJson(block: SealedBlock, position: BatchPosition | undefined, detail: TransactionDetail): BlockJson {
  return {
    ...headerToJson(block.header),
    hash: block.hash,
    size: toQuantity(block.size),
    uncles: [],
    transactions:
      detail === 'hashes'
        ? block.transactions.map(({ hash }) => hash)
        : block.transactions.map((_, index) => blockTransaction(block, position, index)),
    withdrawals: block.withdrawals.map(withdrawalToJson),
    ...blockBatchFields(position),
  }
}

/** Throws where the block has no such transaction. */
function blockTransaction(block: SealedBlock, position: BatchPosition | undefined, index: number): TransactionJson {
  const json = transactionOfBlock(block, position, index)
  if (json === null) throw new RangeError(`block ${block.header.number} has no transaction ${index}`)
  return json
}

export function transactionOfBlock(block: SealedBlock, position: BatchPosition | undefined, index: number): TransactionJson | null {
  const transaction = block.transactions[index]
  if (transaction === undefined) return null
  const { number, baseFeePerGas } = block.header
  return transactionToJson(transaction, { blockHash: block.hash, blockNumber: number, index, baseFeePerGas, position })
}

function withdrawalToJson({ index, validatorIndex, address, amountGwei }: Withdrawal): BlockJson['withdrawals'][number] {
  return { index: toQuantity(index), validatorIndex: toQuantity(validatorIndex), address, amount: toQuantity(amountGwei) }
}
