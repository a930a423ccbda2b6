import { bytesToHex, hexToBytes } from './hex.ts'

// In 64-bit words a number takes a third of the time that it takes in digits.
const bytesPerWord = 8
const maxBytes = 32
const words = new DataView(new ArrayBuffer(maxBytes))
const wordBytes = new Uint8Array(words.buffer)
const limit = 1n << 256n
const double = 1n << 48n

/** Writes a number of up to 32 bytes to the end of `wordBytes` and returns where it begins there. */
function fill(value: bigint): number {
  let at = maxBytes
  if (value < double) {
    for (let rest = Number(value); rest > 0; rest = Math.floor(rest / 256)) wordBytes[--at] = rest
    return at
  }
  for (let rest = value; rest > 0n; rest >>= 64n) {
    at -= bytesPerWord
    words.setBigUint64(at, rest)
  }
  while (wordBytes[at] === 0) at++
  return at
}

/** Big-endian bytes of `value`, left-padded to `length`. */
export function bigintToBytes(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >= limit) {
    const digits = value.toString(16)
    return hexToBytes(`0x${digits.padStart(Math.max(length * 2, digits.length + (digits.length & 1)), '0')}`)
  }
  const start = fill(value)
  const bytes = new Uint8Array(Math.max(length, maxBytes - start))
  for (let from = start, to = bytes.length - maxBytes + start; from < maxBytes; ) bytes[to++] = wordBytes[from++] ?? 0
  return bytes
}

/** Big-endian without leading zeros. */
export function bigintToMinimalBytes(value: bigint): Uint8Array {
  return bigintToBytes(value, 0)
}

/** Writes `bigintToMinimalBytes` of a number below 2^256, so that they end at `end`, and returns where they begin. */
export function writeBigint(value: bigint, out: Uint8Array, end: number): number {
  const from = fill(value)
  for (let i = from; i < maxBytes; i++) out[end - maxBytes + i] = wordBytes[i] ?? 0
  return end - maxBytes + from
}

export function bytesToBigint(bytes: Uint8Array): bigint {
  const { length } = bytes
  let from = 0
  while (from < length && bytes[from] === 0) from++
  const size = length - from
  if (size <= 6) {
    let value = 0
    while (from < length) value = value * 256 + (bytes[from++] ?? 0)
    return BigInt(value)
  }
  if (size > maxBytes) return BigInt(bytesToHex(bytes))
  const first = maxBytes - size
  let at = first - (first % bytesPerWord)
  wordBytes.fill(0, at, first)
  for (let to = first; to < maxBytes; ) wordBytes[to++] = bytes[from++] ?? 0
  let value = words.getBigUint64(at)
  for (at += bytesPerWord; at < maxBytes; at += bytesPerWord) value = (value << 64n) | words.getBigUint64(at)
  return value
}
