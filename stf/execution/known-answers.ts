import { type FeeMarket1559Tx, TransactionType, type TypedTransaction } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'
import { keccak256 } from '../../core/index.ts'
import { encodeTyped, type RlpItem } from '../rlp.ts'

export interface KnownAnswers {
  /** EIP-2718 encoding. */
  readonly raw: Uint8Array
  readonly hash: Uint8Array
  /** 20 bytes. */
  readonly sender: Uint8Array
}

/** Has a decoded, not yet frozen transaction answer with what is known of it: the library encodes and hashes again for each question. */
export function freezeWithAnswers(transaction: TypedTransaction, { raw, hash, sender }: KnownAnswers): void {
  const address = new Address(sender)
  transaction.getSenderAddress = () => address
  transaction.serialize = () => raw
  transaction.hash = () => hash
  Object.freeze(transaction)
}

/** What `raw` gives; of the usual type without its arrays for numbers. */
function itemsOf(transaction: TypedTransaction): readonly RlpItem[] {
  if (transaction.type !== TransactionType.FeeMarketEIP1559) return transaction.raw() as RlpItem[]
  const {
    chainId,
    nonce,
    maxPriorityFeePerGas,
    maxFeePerGas,
    gasLimit,
    to,
    value,
    data,
    accessList,
    v = 0n,
    r = 0n,
    s = 0n,
  } = transaction as FeeMarket1559Tx
  return [chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to?.bytes ?? '0x', value, data, accessList, v, r, s]
}

/** Has a decoded, not yet frozen transaction of a type encode itself once for all that asks for its bytes or recovers its sender. */
export function encodeOnce(transaction: TypedTransaction): void {
  if (transaction.type === TransactionType.Legacy) return
  const items = itemsOf(transaction)
  const bytes = encodeTyped(transaction.type, items)
  // All types end with the three parts of the signature.
  const signingHash = keccak256(encodeTyped(transaction.type, items.slice(0, -3)))
  transaction.serialize = () => bytes
  transaction.getHashedMessageToSign = () => signingHash
}
