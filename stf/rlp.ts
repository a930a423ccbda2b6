import { bigintToMinimalBytes, type Hex, writeBigint, writeHex } from '../core/index.ts'
import type { Chunk } from './chunk.ts'

/** RLP that is made already, to stand in a list as it is. */
export class EncodedItem {
  readonly rlp: Uint8Array

  constructor(rlp: Uint8Array) {
    this.rlp = rlp
  }
}

/** What RLP can encode: byte strings, numbers (big-endian, without leading zeros), and lists of them. */
export type RlpItem = Uint8Array | Hex | bigint | EncodedItem | readonly RlpItem[]

// Items are written from the last to the first: when a list's head comes, the length of what it heads is known.
const wordLimit = 1n << 256n
const keptBytes = 2 ** 18
let buffer = new Uint8Array(keptBytes)
let start = buffer.length

function room(length: number): void {
  if (length <= start) return
  const larger = new Uint8Array(2 * (buffer.length - start + length))
  const end = larger.length - (buffer.length - start)
  larger.set(buffer.subarray(start), end)
  buffer = larger
  start = end
}

function writeHead(base: number, payload: number): void {
  if (payload < 56) {
    room(1)
    buffer[--start] = base + payload
    return
  }
  room(9)
  const end = start
  for (let rest = payload; rest > 0; rest = Math.floor(rest / 256)) buffer[--start] = rest
  buffer[--start] = base + 55 + end - start - 1
}

/** `length` bytes were written at `start`. */
function finishString(length: number): void {
  if (length !== 1 || (buffer[start] ?? 0) >= 0x80) writeHead(0x80, length)
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length)
  start -= bytes.length
  buffer.set(bytes, start)
}

function writeNumber(value: bigint): void {
  if (value >= wordLimit) {
    write(bigintToMinimalBytes(value))
    return
  }
  room(32)
  const end = start
  start = writeBigint(value, buffer, end)
  finishString(end - start)
}

function write(item: RlpItem): void {
  if (item instanceof Uint8Array) {
    writeBytes(item)
    finishString(item.length)
  } else if (typeof item === 'string') {
    const length = (item.length - 2) >> 1
    room(length)
    start -= length
    writeHex(item, buffer, start)
    finishString(length)
  } else if (typeof item === 'bigint') {
    writeNumber(item)
  } else if (item instanceof EncodedItem) {
    writeBytes(item.rlp)
  } else {
    const before = buffer.length - start
    for (let i = item.length - 1; i >= 0; i--) write(item[i] ?? [])
    writeHead(0xc0, buffer.length - start - before)
  }
}

function written(chunk?: Chunk): Uint8Array {
  const rlp = chunk === undefined ? new Uint8Array(buffer.length - start) : chunk.take(buffer.length - start)
  rlp.set(buffer.subarray(start))
  if (buffer.length > keptBytes) buffer = new Uint8Array(keptBytes)
  return rlp
}

/** RLP (Yellow Paper, appendix B) without an array for each part of it; in a chunk where one is given. */
export function encodeRlp(item: RlpItem, chunk?: Chunk): Uint8Array {
  start = buffer.length
  write(item)
  return written(chunk)
}

/** The type's byte, then RLP (EIP-2718). */
export function encodeTyped(type: number, items: readonly RlpItem[]): Uint8Array {
  start = buffer.length
  write(items)
  room(1)
  buffer[--start] = type
  return written()
}
