/** The driver's `Buffer` as what the rest of the program expects: a Buffer's `slice` shares memory, a Uint8Array's copies. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
