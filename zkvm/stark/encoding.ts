import type { Extension } from '../field/extension.ts'

/** Elements as 8 bytes each, big-endian. */
export function bytesOfElements(elements: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(8 * elements.length)
  const view = new DataView(bytes.buffer)
  elements.forEach((element, index) => {
    view.setBigUint64(8 * index, element)
  })
  return bytes
}

/** Elements of the extension as 24 bytes each, the coordinate of 1 first. */
export function bytesOfExtensions(values: readonly Extension[]): Uint8Array {
  return bytesOfElements(values.flat())
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
