import type { TypedTransaction } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'

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
