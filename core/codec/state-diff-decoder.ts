import type { Hex } from '../hex.ts'
import {
  type AccountDiff,
  accountFlags,
  codeKinds,
  type StateDiff,
  type StateDiffFault,
  StateDiffFormatError,
  stateDiffVersion,
} from './state-diff.ts'

const addressBytes = 20
const maxNonceBytes = 8
const maxExactBytes = 6

/**
 * The state diff that the bytes encode. Two byte strings never decode to one diff.
 * @throws StateDiffFormatError for every byte string that `encodeStateDiff` cannot have made
 */
export function decodeStateDiff(bytes: Uint8Array): StateDiff {
  const reader = new DiffReader(bytes)
  if (reader.byte() !== stateDiffVersion) reader.fail('wrong version', 0)
  const header = reader.bytes(reader.count())
  const accountCount = reader.count()
  const codes = new SeenCodes()
  const accounts: AccountDiff[] = []
  let previous = ''
  while (accounts.length < accountCount) {
    const start = reader.offset
    const address = reader.address()
    if (address <= previous) reader.fail('addresses not ascending', start)
    previous = address
    accounts.push(decodeAccount(address, reader, codes))
  }
  if (reader.offset !== bytes.length) reader.fail('trailing bytes', reader.offset)
  return { header, accounts }
}

function decodeAccount(address: Hex, reader: DiffReader, codes: SeenCodes): AccountDiff {
  const start = reader.offset
  const flags = reader.byte()
  if (flags & accountFlags.reserved) reader.fail('reserved flags', start)
  if (flags === 0) reader.fail('no change in account', start)
  if (flags & accountFlags.absent) {
    if (flags !== accountFlags.absent) reader.fail('absent account with changes', start)
    return { address, absent: true }
  }
  const nonce = flags & accountFlags.nonce ? reader.uint(maxNonceBytes) : undefined
  const balance = flags & accountFlags.balance ? reader.uint(32) : undefined
  const code = decodeCode((flags & accountFlags.codeKindMask) >> accountFlags.codeKindShift, reader, codes)
  // Only an account that EIP-161 calls empty has all three zero, and such an account is absent.
  if (nonce === 0n && balance === 0n && code?.length === 0) reader.fail('empty account not marked absent', start)
  const slots = flags & accountFlags.slots ? decodeSlots(reader) : undefined
  return {
    address,
    ...(nonce !== undefined && { nonce }),
    ...(balance !== undefined && { balance }),
    ...(code !== undefined && { code }),
    ...(slots !== undefined && { slots }),
  }
}

function decodeCode(kind: number, reader: DiffReader, codes: SeenCodes): Uint8Array | undefined {
  const start = reader.offset
  if (kind === codeKinds.bytes) {
    const length = reader.count()
    if (length === 0) reader.fail('code of length zero', start)
    const code = reader.bytes(length)
    if (!codes.add(code)) reader.fail('code already in this diff', start)
    return code
  }
  if (kind === codeKinds.repeated) {
    const code = codes.at(reader.uint(32))
    return code ?? reader.fail('unknown code index', start)
  }
  return kind === codeKinds.empty ? new Uint8Array(0) : undefined
}

function decodeSlots(reader: DiffReader): { key: bigint; value: bigint }[] {
  const start = reader.offset
  const count = reader.count()
  if (count === 0) reader.fail('empty slot list', start)
  const slots: { key: bigint; value: bigint }[] = []
  let previous = -1n
  while (slots.length < count) {
    const slotStart = reader.offset
    const key = reader.uint(32)
    if (key <= previous) reader.fail('slots not ascending', slotStart)
    previous = key
    slots.push({ key, value: reader.uint(32) })
  }
  return slots
}

class SeenCodes {
  readonly #codes: Uint8Array[] = []
  readonly #keys = new Set<string>()

  add(code: Uint8Array): boolean {
    const key = Buffer.from(code.buffer, code.byteOffset, code.byteLength).toString('latin1')
    if (this.#keys.has(key)) return false
    this.#keys.add(key)
    this.#codes.push(code)
    return true
  }

  at(index: bigint): Uint8Array | undefined {
    return index < BigInt(this.#codes.length) ? this.#codes[Number(index)] : undefined
  }
}

class DiffReader {
  readonly #bytes: Buffer
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get offset(): number {
    return this.#offset
  }

  fail(fault: StateDiffFault, offset: number): never {
    throw new StateDiffFormatError(fault, offset)
  }

  byte(): number {
    return this.#bytes[this.#take(1)] ?? this.fail('truncated', this.#offset)
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length)
    return new Uint8Array(this.#bytes.subarray(start, this.#offset))
  }

  address(): Hex {
    const start = this.#take(addressBytes)
    return `0x${this.#bytes.toString('hex', start, this.#offset)}`
  }

  uint(maxBytes: number): bigint {
    const start = this.#offset
    const size = this.byte()
    if (size > maxBytes) this.fail('integer too long', start)
    const digits = this.#take(size, start)
    if (size === 0) return 0n
    if (this.#bytes[digits] === 0) this.fail('integer not in shortest form', start)
    if (size <= maxExactBytes) return BigInt(this.#bytes.readUIntBE(digits, size))
    return BigInt(`0x${this.#bytes.toString('hex', digits, this.#offset)}`)
  }

  /** A length or count of things that follow; as each takes a byte at least, more than the bytes left cannot be. */
  count(): number {
    const start = this.#offset
    const value = this.uint(32)
    if (value > BigInt(this.#bytes.length - this.#offset)) this.fail('truncated', start)
    return Number(value)
  }

  #take(length: number, faultOffset = this.#offset): number {
    const start = this.#offset
    if (start + length > this.#bytes.length) this.fail('truncated', faultOffset)
    this.#offset = start + length
    return start
  }
}
