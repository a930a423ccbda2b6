import { RLP } from '@ethereumjs/rlp'
import { bytesToBigint, DevnetError, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'
import { encodeRlp } from '../rlp.ts'

/** An account as the account trie holds it. Never changed in place. */
export interface AccountRecord {
  readonly nonce: bigint
  readonly balance: bigint
  readonly codeHash: Uint8Array
}

export const emptyCodeHashHex: Hex = keccak256Hex(new Uint8Array(0))
export const emptyCodeHash: Uint8Array = hexToBytes(emptyCodeHashHex)

class InvalidAccountError extends DevnetError {
  override name = 'InvalidAccountError'
  constructor(reason: string) {
    super(`A leaf of the account trie is not an account: ${reason}.`, { code: 'INVALID_ACCOUNT' })
  }
}

export function encodeAccount(account: AccountRecord, storageRoot: Uint8Array): Uint8Array {
  return encodeRlp([account.nonce, account.balance, storageRoot, account.codeHash])
}

/** @throws InvalidAccountError */
export function decodeAccount(rlp: Uint8Array): { account: AccountRecord; storageRoot: Uint8Array } {
  const items = RLP.decode(rlp)
  const [nonce, balance, storageRoot, codeHash] = items
  if (!Array.isArray(items) || items.length !== 4) throw new InvalidAccountError('it does not have four fields')
  if (
    !(nonce instanceof Uint8Array && balance instanceof Uint8Array && storageRoot instanceof Uint8Array && codeHash instanceof Uint8Array)
  ) {
    throw new InvalidAccountError('a field is a list')
  }
  if (storageRoot.length !== 32 || codeHash.length !== 32) throw new InvalidAccountError('a hash does not have 32 bytes')
  return { account: { nonce: bytesToBigint(nonce), balance: bytesToBigint(balance), codeHash }, storageRoot }
}

/** RLP of a storage value of 1 to 32 bytes. */
export function encodeSlotValue(value: Uint8Array): Uint8Array {
  if (value.length === 1 && (value[0] ?? 0) < 0x80) return value
  const rlp = new Uint8Array(value.length + 1)
  rlp[0] = 0x80 + value.length
  rlp.set(value, 1)
  return rlp
}

/** @throws InvalidAccountError */
export function decodeSlotValue(rlp: Uint8Array): Uint8Array {
  const first = rlp[0] ?? 0
  if (rlp.length === 1 && first < 0x80) return rlp
  if (first !== 0x7f + rlp.length || rlp.length > 33) throw new InvalidAccountError('a storage value is malformed')
  return rlp.subarray(1)
}
