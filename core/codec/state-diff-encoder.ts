import type { Hex } from '../hex.ts'
import { type AccountDiff, accountFlags, codeKinds, type StateDiff, StateDiffFormatError, stateDiffVersion } from './state-diff.ts'

const addressPattern = /^0x[0-9a-f]{40}$/
const maxNonce = 2n ** 64n - 1n
const maxWord = 2n ** 256n - 1n
const maxExactNumber = 2n ** 48n

/**
 * The canonical bytes of a state diff (docs/formats.md §2).
 * @throws StateDiffFormatError where the diff has no canonical encoding: order, no-ops, values out of range
 */
export function encodeStateDiff(diff: StateDiff): Uint8Array {
  const out = new DiffWriter()
  out.byte(stateDiffVersion)
  out.uint(BigInt(diff.header.length))
  out.bytes(diff.header)
  out.uint(BigInt(diff.accounts.length))
  const codeIndexes = new Map<string, number>()
  let previous = ''
  for (const account of diff.accounts) {
    if (!addressPattern.test(account.address)) throw new StateDiffFormatError('address malformed', out.length)
    if (account.address <= previous) throw new StateDiffFormatError('addresses not ascending', out.length)
    previous = account.address
    encodeAccount(account, codeIndexes, out)
  }
  return out.finish()
}

function encodeAccount(account: AccountDiff, codeIndexes: Map<string, number>, out: DiffWriter): void {
  out.hex(account.address)
  if (account.absent) {
    if (Object.keys(account).length > 2) throw new StateDiffFormatError('absent account with changes', out.length)
    out.byte(accountFlags.absent)
    return
  }
  const { nonce, balance, code, slots } = account
  const codeKey = code && Buffer.from(code.buffer, code.byteOffset, code.byteLength).toString('latin1')
  const codeIndex = codeKey === undefined ? undefined : codeIndexes.get(codeKey)
  const codeKind =
    code === undefined
      ? codeKinds.none
      : code.length === 0
        ? codeKinds.empty
        : codeIndex === undefined
          ? codeKinds.bytes
          : codeKinds.repeated
  const flags =
    (nonce === undefined ? 0 : accountFlags.nonce) |
    (balance === undefined ? 0 : accountFlags.balance) |
    (codeKind << accountFlags.codeKindShift) |
    (slots === undefined ? 0 : accountFlags.slots)
  if (flags === 0) throw new StateDiffFormatError('no change in account', out.length)
  if (nonce === 0n && balance === 0n && code?.length === 0) throw new StateDiffFormatError('empty account not marked absent', out.length)
  out.byte(flags)
  if (nonce !== undefined) {
    if (nonce > maxNonce) throw new StateDiffFormatError('integer too long', out.length)
    out.uint(nonce)
  }
  if (balance !== undefined) out.uint(balance)
  if (codeIndex !== undefined) out.uint(BigInt(codeIndex))
  else if (code !== undefined && codeKey !== undefined && code.length > 0) {
    codeIndexes.set(codeKey, codeIndexes.size)
    out.uint(BigInt(code.length))
    out.bytes(code)
  }
  if (slots !== undefined) encodeSlots(slots, out)
}

function encodeSlots(slots: readonly { readonly key: bigint; readonly value: bigint }[], out: DiffWriter): void {
  if (slots.length === 0) throw new StateDiffFormatError('empty slot list', out.length)
  out.uint(BigInt(slots.length))
  let previous = -1n
  for (const { key, value } of slots) {
    if (key <= previous) throw new StateDiffFormatError('slots not ascending', out.length)
    previous = key
    out.uint(key)
    out.uint(value)
  }
}

/** Bytes that an account takes in a diff at most: its code is counted in full even where the diff has it already. For a running estimate. */
export function accountDiffSize(account: AccountDiff): number {
  const head = 21
  if (account.absent) return head
  const { nonce, balance, code, slots } = account
  const codeSize = code === undefined || code.length === 0 ? 0 : uintSize(BigInt(code.length)) + code.length
  const slotsSize = slots?.reduce((size, { key, value }) => size + uintSize(key) + uintSize(value), uintSize(BigInt(slots.length))) ?? 0
  return head + (nonce === undefined ? 0 : uintSize(nonce)) + (balance === undefined ? 0 : uintSize(balance)) + codeSize + slotsSize
}

function uintSize(value: bigint): number {
  return value === 0n ? 1 : 1 + ((value.toString(16).length + 1) >> 1)
}

class DiffWriter {
  #buffer = Buffer.alloc(4096)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  hex(value: Hex): void {
    this.#reserve(value.length)
    this.#length += this.#buffer.write(value.slice(2), this.#length, 'hex')
  }

  uint(value: bigint): void {
    if (value < 0n || value > maxWord) throw new StateDiffFormatError('integer too long', this.#length)
    this.#reserve(33)
    if (value < maxExactNumber) {
      const small = Number(value)
      const size =
        small === 0
          ? 0
          : small < 0x100
            ? 1
            : small < 0x1_0000
              ? 2
              : small < 0x1_0000_00
                ? 3
                : small < 0x1_0000_0000
                  ? 4
                  : small < 0x1_0000_0000_00
                    ? 5
                    : 6
      this.#buffer[this.#length++] = size
      if (size > 0) this.#buffer.writeUIntBE(small, this.#length, size)
      this.#length += size
      return
    }
    const digits = value.toString(16)
    const padded = digits.length % 2 === 0 ? digits : `0${digits}`
    this.#buffer[this.#length++] = padded.length / 2
    this.#length += this.#buffer.write(padded, this.#length, 'hex')
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#length))
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return
    const grown = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#length + size))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}
