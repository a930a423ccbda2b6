import { TransactionType, type TypedTransaction } from '@ethereumjs/tx'
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

/** Has a decoded, not yet frozen transaction of a type encode itself once for all that asks for its bytes or recovers its sender. */
export function encodeOnce(transaction: TypedTransaction): void {
  if (transaction.type === TransactionType.Legacy) return
  const items = transaction.raw() as RlpItem[]
  const bytes = encodeTyped(transaction.type, items)
  // All types end with the three parts of the signature.
  const signingHash = keccak256(encodeTyped(transaction.type, items.slice(0, -3)))
  transaction.serialize = () => bytes
  transaction.getHashedMessageToSign = () => signingHash
}
