import { bytesToBigint, DevnetError, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'
import { Chunk } from '../chunk.ts'
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

// Accounts have a chunk of their own: the cache keeps some of them for two thousand blocks, and they what lies beside them.
const accounts = new Chunk(2 ** 13)

export function encodeAccount(account: AccountRecord, storageRoot: Uint8Array): Uint8Array {
  return encodeRlp([account.nonce, account.balance, storageRoot, account.codeHash], accounts)
}

const hashItemBytes = 33
const hashHead = 0xa0

/**
 * The account's hashes are parts of `rlp`.
 * @throws InvalidAccountError
 */
export function decodeAccount(rlp: Uint8Array): { account: AccountRecord; storageRoot: Uint8Array } {
  // The two hashes alone take more than the 55 bytes of a short list, and all together less than 256.
  if (rlp[0] !== 0xf8 || rlp[1] !== rlp.length - 2) throw new InvalidAccountError('it is not one list')
  const balanceAt = endOfNumber(rlp, 2)
  const rootAt = endOfNumber(rlp, balanceAt)
  const codeHashAt = rootAt + hashItemBytes
  if (rlp[rootAt] !== hashHead || rlp[codeHashAt] !== hashHead || codeHashAt + hashItemBytes !== rlp.length) {
    throw new InvalidAccountError('it does not end with two hashes')
  }
  const account = { nonce: numberAt(rlp, 2, balanceAt), balance: numberAt(rlp, balanceAt, rootAt), codeHash: rlp.subarray(codeHashAt + 1) }
  return { account, storageRoot: rlp.subarray(rootAt + 1, codeHashAt) }
}

/** Where the item at `at` ends. */
function endOfNumber(rlp: Uint8Array, at: number): number {
  const head = rlp[at] ?? 0xc0
  if (head > 0xa0) throw new InvalidAccountError('a number is none, or has more than 32 bytes')
  return head < 0x80 ? at + 1 : at + 1 + head - 0x80
}

function numberAt(rlp: Uint8Array, at: number, end: number): bigint {
  return bytesToBigint(rlp.subarray(end === at + 1 && (rlp[at] ?? 0) < 0x80 ? at : at + 1, end))
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
