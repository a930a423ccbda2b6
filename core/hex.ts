/** `0x`-prefixed lower-case hexadecimal. Hashes and addresses are carried as `Hex` (they are keys); payloads as `Uint8Array`. */
export type Hex = `0x${string}`

// V8 keeps the content of arrays of up to 64 bytes in its heap. Native code and `.buffer` have it moved out, which takes 1 µs; hence loops.
const maxLooped = 64
const digits = Buffer.from('0123456789abcdef')
const text = Buffer.from(new ArrayBuffer(2 + 2 * maxLooped))
text.write('0x')
const digitValues = new Uint8Array(128)
for (let value = 0; value < 16; value++) {
  digitValues[value.toString(16).charCodeAt(0)] = value
  digitValues[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

export function bytesToHex(bytes: Uint8Array): Hex {
  const { length } = bytes
  if (length > maxLooped) return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('hex')}`
  let at = 2
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0
    text[at++] = digits[byte >> 4] ?? 0
    text[at++] = digits[byte & 15] ?? 0
  }
  return text.toString('latin1', 0, at) as Hex
}

/** Bytes of a hex string of even length; the caller has validated it. */
export function hexToBytes(hex: Hex): Uint8Array {
  const length = (hex.length - 2) >> 1
  if (length > maxLooped) return new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
  const bytes = new Uint8Array(length)
  writeHex(hex, bytes, 0)
  return bytes
}

/** Writes the bytes of a hex string, as `hexToBytes` gives them, into others. */
export function writeHex(hex: Hex, out: Uint8Array, start: number): void {
  for (let from = 2, to = start; from + 1 < hex.length; from += 2) {
    out[to++] = ((digitValues[hex.charCodeAt(from)] ?? 0) << 4) | (digitValues[hex.charCodeAt(from + 1)] ?? 0)
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}
