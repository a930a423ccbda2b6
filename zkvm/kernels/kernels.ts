import { readFileSync } from 'node:fs'

/** Where something lies in the kernels' memory, in bytes. */
export type Pointer = number

/** What the kernels export: pointers and sizes as numbers, field elements and nonces as bigints. The C sources say what each does. */
interface KernelExports {
  readonly __heap_base: WebAssembly.Global
  ntt_twiddles(twiddles: Pointer, log: number, root: bigint, shift: bigint): void
  ntt(values: Pointer, log: number, twiddles: Pointer): void
  split_coset(values: Pointer, log: number, d: Pointer): void
  bit_reverse(values: Pointer, log: number): void
  interpolate(values: Pointer, log: number, twiddles: Pointer, inverseShift: bigint): void
  join_remainders(low: Pointer, high: Pointer, count: number, half: bigint, halfOverC: bigint): void
  spread(out: Pointer, values: Pointer, count: number, step: number): void
  hash_rows(digests: Pointer, columns: Pointer, width: number, stride: number, count: number): void
  hash_groups(digests: Pointer, values: Pointer, stride: number, group: number, count: number): void
  hash_pairs(digests: Pointer, children: Pointer, count: number): void
  grind(state: Pointer, bits: number, from: bigint, to: bigint): bigint
  evaluate_base(out: Pointer, coefficients: Pointer, count: number, point: Pointer): void
  evaluate_neighbours(out: Pointer, coefficients: Pointer, count: number, points: Pointer, number: number): void
  add_scaled(sum: Pointer, stride: number, first: number, step: number, coefficients: Pointer, count: number, factor: Pointer): void
  add_quotient(quotient: Pointer, polynomial: Pointer, count: number, step: number, point: Pointer, weight: Pointer): void
  fold(out: Pointer, coefficients: Pointer, count: number, by: number, challenge: Pointer): void
  running_sum(values: Pointer, count: number, step: Pointer): void
  sum_all(out: Pointer, terms: Pointer, count: number): void
  add_all(sum: Pointer, terms: Pointer, count: number): void
  selectors(out: Pointer, log: number, shift: bigint, root: bigint, scratch: Pointer): void
  ext_invert_all(values: Pointer, count: number, scratch: Pointer): void
  ext_multiply_all(values: Pointer, factors: Pointer, count: number): void
  run_program(program: Pointer): void
  add_periodic(result: Pointer, count: number, values: Pointer, period: number, factor: bigint): void
}

const pageBytes = 65536
const maxPages = 65536
const alignment = 64

/** WebAssembly passes 64-bit integers as signed. */
export function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

let compiled: WebAssembly.Module | undefined

function compiledKernels(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)))
  return compiled
}

/** An instance of the kernels with a memory of its own, which is handed out upwards and taken back as a whole. */
export class Kernels {
  readonly call: KernelExports
  readonly #memory: WebAssembly.Memory
  readonly #base: Pointer
  #top: Pointer

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 16, maximum: maxPages })
    const instance = new WebAssembly.Instance(compiledKernels(), { env: { memory: this.#memory } })
    this.call = instance.exports as unknown as KernelExports
    this.#base = Number(this.call.__heap_base.value)
    this.#top = this.#base
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

  integers(pointer: Pointer, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, pointer, count)
  }

  bytes(pointer: Pointer, count: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, pointer, count)
  }

  /** Copies words in; returns where they are. */
  put(words: BigUint64Array | readonly bigint[]): Pointer {
    const pointer = this.allocate(words.length)
    this.words(pointer, words.length).set(words)
    return pointer
  }

  fill(pointer: Pointer, count: number, value: bigint): void {
    this.words(pointer, count).fill(value)
  }

  /** Takes the words out, as a copy. */
  take(pointer: Pointer, count: number): BigUint64Array {
    return this.words(pointer, count).slice()
  }
}
