import type { z } from 'zod'
import { type BatchPosition, bytesToHex, type Hex } from '../../core/index.ts'
import type { TransactionResult } from '../schemas/results.ts'
import { transactionBatchFields } from './batch-fields.ts'
import { toQuantity } from './quantity.ts'
import { type Authorization, decodeTransaction, legacyOrTypedV } from './transaction-codec.ts'

/** Place of a sealed transaction; nulls for one that waits in the pool. */
export interface TransactionPlace {
  readonly blockHash: Hex | null
  readonly blockNumber: bigint | null
  readonly index: number | null
  /** Undefined while it is not known what it will be. */
  readonly baseFeePerGas?: bigint
  /** Its block's in the batch; undefined while that is open. */
  readonly position: BatchPosition | undefined
}

export const pooledPlace: TransactionPlace = { blockHash: null, blockNumber: null, index: null, position: undefined }

/** A transaction as eth_getTransactionByHash shows it; fields that its type lacks are left out. */
export type TransactionJson = z.output<typeof TransactionResult>

export function transactionToJson(
  transaction: { readonly hash: Hex; readonly raw: Uint8Array; readonly sender: Hex },
  place: TransactionPlace,
): TransactionJson {
  const fields = decodeTransaction(transaction.raw)
  const { type, signature } = fields
  return {
    blockHash: place.blockHash,
    blockNumber: place.blockNumber === null ? null : toQuantity(place.blockNumber),
    transactionIndex: place.index === null ? null : toQuantity(place.index),
    from: transaction.sender,
    hash: transaction.hash,
    type: toQuantity(type),
    nonce: toQuantity(fields.nonce),
    gas: toQuantity(fields.gas),
    gasPrice: toQuantity('gasPrice' in fields ? fields.gasPrice : effectivePrice(fields, place.baseFeePerGas)),
    ...('maxFeePerGas' in fields && {
      maxFeePerGas: toQuantity(fields.maxFeePerGas),
      maxPriorityFeePerGas: toQuantity(fields.maxPriorityFeePerGas),
    }),
    to: fields.to,
    value: toQuantity(fields.value),
    input: bytesToHex(fields.data),
    ...('accessList' in fields && { accessList: fields.accessList }),
    ...('authorizationList' in fields && { authorizationList: fields.authorizationList.map(authorizationToJson) }),
    ...(fields.chainId !== null && { chainId: toQuantity(fields.chainId) }),
    v: toQuantity(legacyOrTypedV(fields)),
    ...(type !== 0 && { yParity: toQuantity(signature.yParity) }),
    r: toQuantity(signature.r),
    s: toQuantity(signature.s),
    ...transactionBatchFields(place.position, place.index),
  }
}

function effectivePrice(fee: { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }, baseFeePerGas: bigint | undefined): bigint {
  if (baseFeePerGas === undefined) return fee.maxFeePerGas
  const price = baseFeePerGas + fee.maxPriorityFeePerGas
  if (price < fee.maxFeePerGas) return price
  return fee.maxFeePerGas
}

function authorizationToJson({ chainId, address, nonce, yParity, r, s }: Authorization): Record<keyof Authorization, Hex> {
  return {
    chainId: toQuantity(chainId),
    address,
    nonce: toQuantity(nonce),
    yParity: toQuantity(yParity),
    r: toQuantity(r),
    s: toQuantity(s),
  }
}
