const chunkBytes = 2 ** 16
let chunk = new Uint8Array(chunkBytes)
let used = 0

/**
 * An array in a buffer that is shared with the arrays before and after it. Memory of its own would cost an array of more than 64 bytes 3 µs,
 * and a smaller one 1 µs once native code reads it. For what lives about as long as its neighbours: the last one of them keeps the buffer.
 */
export function inChunk(length: number): Uint8Array {
  if (used + length > chunk.length) {
    chunk = new Uint8Array(Math.max(length, chunkBytes))
    used = 0
  }
  const start = used
  used += length
  return chunk.subarray(start, used)
}
