/** Where something lies in the kernels' memory, in bytes. */
export type Pointer = number

const pageBytes = 65536
const alignment = 64

/** A WebAssembly memory that is handed out upwards from `base` on and taken back as a whole. */
export class WasmMemory {
  readonly #memory: WebAssembly.Memory
  #top: Pointer

  constructor(memory: WebAssembly.Memory, base: Pointer) {
    this.#memory = memory
    this.#top = base
  }

  /** Space for so many 64-bit words; its contents are whatever was there before. */
  allocate(words: number): Pointer {
    const start = Math.ceil(this.#top / alignment) * alignment
    this.#top = start + words * 8
    const missing = Math.ceil(this.#top / pageBytes) - this.#memory.buffer.byteLength / pageBytes
    if (missing > 0) this.#memory.grow(missing)
    return start
  }

  /** Runs `work` and takes back what it allocated. */
  scoped<T>(work: () => T): T {
    const before = this.#top
    try {
      return work()
    } finally {
      this.#top = before
    }
  }

  /** A view of words in memory: of no use any more once something is allocated. */
  words(pointer: Pointer, count: number): BigUint64Array {
    return new BigUint64Array(this.#memory.buffer, pointer, count)
  }

  /** Copies words in; returns where they are. */
  put(words: BigUint64Array | readonly bigint[]): Pointer {
    const pointer = this.allocate(words.length)
    this.words(pointer, words.length).set(words)
    return pointer
  }

  putIntegers(integers: Uint32Array | readonly number[]): Pointer {
    const pointer = this.allocate(Math.ceil(integers.length / 2))
    new Uint32Array(this.#memory.buffer, pointer, integers.length).set(integers)
    return pointer
  }

  /** Copies the first `count` words of each of several arrays in, one after the other. */
  putArrays(words: BigUint64Array, arrays: number, stride: number, count: number): Pointer {
    const pointer = this.allocate(arrays * count)
    const target = this.words(pointer, arrays * count)
    for (let array = 0; array < arrays; array++) target.set(words.subarray(array * stride, array * stride + count), array * count)
    return pointer
  }

  /** Copies `count` words in from `from` on, going on at the start after the end. */
  putCyclic(words: BigUint64Array, from: number, count: number): Pointer {
    const pointer = this.allocate(count)
    const target = this.words(pointer, count)
    for (let at = 0; at < count; ) {
      const start = (from + at + words.length) % words.length
      const some = Math.min(count - at, words.length - start)
      target.set(words.subarray(start, start + some), at)
      at += some
    }
    return pointer
  }

  copyOut(target: BigUint64Array, pointer: Pointer): void {
    target.set(this.words(pointer, target.length))
  }

  copyOutArrays(target: BigUint64Array, arrays: number, stride: number, pointer: Pointer, count: number): void {
    for (let array = 0; array < arrays; array++) target.set(this.words(pointer + 8 * array * count, count), array * stride)
  }
}
