import { readFileSync } from 'node:fs'
import { inverse, mul, rootOfUnity } from '../field/goldilocks.ts'
import type { ExtensionArrays, Kernels, ProgramRun, ScaledTerm } from './kernels.ts'
import { Twiddles } from './twiddles.ts'
import { type Pointer, WasmMemory } from './wasm-memory.ts'

type Words = BigUint64Array

/** What `src/` exports: pointers and sizes as numbers, field elements and nonces as bigints. The C sources say what each does. */
interface KernelExports {
  readonly __heap_base: WebAssembly.Global
  ntt_twiddles(twiddles: Pointer, log: number, root: bigint, shift: bigint): void
  ntt(out: Pointer, coefficients: Pointer, log: number, twiddles: Pointer): void
  bit_reverse(values: Pointer, log: number): void
  interpolate(out: Pointer, values: Pointer, log: number, twiddles: Pointer, inverseShift: bigint): void
  spread(out: Pointer, values: Pointer, count: number, step: number): void
  join_remainders(low: Pointer, high: Pointer, count: number, half: bigint, halfOverC: bigint): void
  hash_rows(digests: Pointer, columns: Pointer, width: number, stride: number, count: number, levels: number): void
  hash_groups(digests: Pointer, values: Pointer, stride: number, group: number, count: number): void
  hash_pairs(digests: Pointer, children: Pointer, count: number): void
  grind(state: Pointer, bits: number, from: bigint, to: bigint): bigint
  evaluate_base(out: Pointer, coefficients: Pointer, count: number, points: Pointer, number: number): void
  open_column(
    out: Pointer,
    parts: Pointer,
    coefficients: Pointer,
    log: number,
    positions: Pointer,
    queries: number,
    points: Pointer,
    near: number,
    eighths: Pointer,
    blocks: number,
  ): void
  add_scaled(sum: Pointer, stride: number, first: number, step: number, coefficients: Pointer, count: number, factor: Pointer): void
  add_quotient(quotient: Pointer, polynomial: Pointer, count: number, step: number, point: Pointer, weight: Pointer): void
  fold(out: Pointer, coefficients: Pointer, count: number, by: number, challenge: Pointer): void
  running_sum(values: Pointer, count: number, step: Pointer): void
  sum_all(out: Pointer, terms: Pointer, count: number): void
  selectors(out: Pointer, log: number, shift: bigint, root: bigint, scratch: Pointer): void
  add_periodic(result: Pointer, resultStride: number, count: number, values: Pointer, stride: number, period: number, factor: bigint): void
  program_scratch_words(columns: number, registers: number, outputs: number): number
  run_program(program: Pointer): void
}

let compiled: WebAssembly.Module | undefined

function compiledKernels(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)))
  return compiled
}

/** Kernels that run anywhere. They see their own memory only, so arrays are copied in and out. */
export class WasmKernels implements Kernels {
  readonly kind = 'wasm'
  readonly #call: KernelExports
  readonly #memory: WasmMemory
  readonly #twiddles: Twiddles<Pointer>

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 })
    this.#call = new WebAssembly.Instance(compiledKernels(), { env: { memory } }).exports as unknown as KernelExports
    this.#memory = new WasmMemory(memory, Number(this.#call.__heap_base.value))
    // They stay, so they are asked for before anything that is taken back is allocated.
    this.#twiddles = new Twiddles((words) => this.#memory.allocate(words), this.#call.ntt_twiddles)
  }

  evaluate(out: Words, coefficients: Words, shift: bigint): void {
    const log = Math.log2(out.length)
    const twiddles = this.#twiddles.of(log, shift)
    this.#updated(out, coefficients, (values) => this.#call.ntt(values, values, log, twiddles))
  }

  evaluateInOrder(out: Words, coefficients: Words, shift: bigint): void {
    const log = Math.log2(out.length)
    const twiddles = this.#twiddles.of(log, shift)
    this.#updated(out, coefficients, (values) => {
      this.#call.ntt(values, values, log, twiddles)
      this.#call.bit_reverse(values, log)
    })
  }

  evaluatePacked(
    out: Words,
    columns: readonly { readonly coefficients: Words; readonly place: number }[],
    step: number,
    shift: bigint,
  ): void {
    const [first] = columns
    if (step === 1 && first !== undefined) {
      this.evaluate(out, first.coefficients, shift)
      return
    }
    const memory = this.#memory
    const log = Math.log2(out.length)
    const twiddles = this.#twiddles.of(log, shift)
    memory.scoped(() => {
      const values = memory.allocate(out.length)
      if (columns.length < step) memory.words(values, out.length).fill(0n)
      for (const { coefficients, place } of columns) {
        memory.scoped(() => this.#call.spread(values + 8 * place, memory.put(coefficients), coefficients.length, step))
      }
      this.#call.ntt(values, values, log, twiddles)
      memory.copyOut(out, values)
    })
  }

  interpolate(out: Words, values: Words, shift: bigint): void {
    const log = Math.log2(values.length)
    const twiddles = this.#twiddles.of(log, 1n)
    this.#updated(out, values, (own) => this.#call.interpolate(own, own, log, twiddles, inverse(shift)))
  }

  joinRemainders(low: Words, high: Words, c: bigint): void {
    const half = inverse(2n)
    this.#updated(low, low, (ownLow) => {
      this.#updated(high, high, (ownHigh) => this.#call.join_remainders(ownLow, ownHigh, low.length, half, mul(half, inverse(c))))
    })
  }

  hashRows(
    digests: Words,
    columns: Words,
    { width, stride, count, levels }: { width: number; stride: number; count: number; levels: number },
  ): void {
    this.#memory.scoped(() => {
      const rows = this.#memory.putArrays(columns, width, stride, count)
      const out = this.#memory.allocate(digests.length)
      this.#call.hash_rows(out, rows, width, count, count, levels)
      this.#memory.copyOut(digests, out)
    })
  }

  hashGroups(digests: Words, values: Words, { stride, group, count }: { stride: number; group: number; count: number }): void {
    this.#memory.scoped(() => {
      const size = group * count
      const own = this.#memory.putArrays(values, 3, stride, size)
      const out = this.#memory.allocate(digests.length)
      this.#call.hash_groups(out, own, size, group, count)
      this.#memory.copyOut(digests, out)
    })
  }

  hashPairs(digests: Words, children: Words): void {
    this.#memory.scoped(() => {
      const out = this.#memory.allocate(digests.length)
      this.#call.hash_pairs(out, this.#memory.put(children), digests.length / 4)
      this.#memory.copyOut(digests, out)
    })
  }

  grind(state: Words, bits: number, from: bigint, to: bigint): bigint {
    // WebAssembly passes 64-bit integers as signed.
    return this.#memory.scoped(() => BigInt.asUintN(64, this.#call.grind(this.#memory.put(state), bits, from, to)))
  }

  runProgram({ program, sources, from, count, result, outputs, divide }: ProgramRun): void {
    const memory = this.#memory
    memory.scoped(() => {
      const period = 2 ** Math.ceil(Math.log2(count))
      const stored = divide === true ? program.outputs / 2 : program.outputs
      const code = memory.putIntegers(program.code)
      const constants = memory.put(program.constants)
      const scratch = memory.allocate(this.#call.program_scratch_words(program.columnSlots, program.registers, program.outputs))
      const ownResult = result === undefined ? 0 : memory.allocate(3 * count)
      const ownOutputs = outputs === undefined ? 0 : memory.allocate(3 * stored * count)
      const table = sources.flatMap((source) => {
        const words = source.words.subarray(source.from, source.from + source.period)
        // A short period is put there once, of a long one only the rows at hand.
        return source.period <= period
          ? [memory.put(words), from + source.offset + source.period, source.period]
          : [memory.putCyclic(words, from + source.offset, period), 0, period]
      })
      const descriptor = [
        code,
        program.code.length / 5,
        memory.putIntegers(table),
        program.columnSlots,
        program.registers,
        constants,
        ownResult,
        count,
        ownOutputs,
        count,
        program.outputs,
        divide === true ? 1 : 0,
        count,
        scratch,
      ]
      this.#call.run_program(memory.putIntegers(descriptor))
      if (result !== undefined) memory.copyOutArrays(result.words, 3, result.stride, ownResult, count)
      if (outputs !== undefined) memory.copyOutArrays(outputs.words, 3 * stored, outputs.stride, ownOutputs, count)
    })
  }

  runningSum(values: Words, step: readonly bigint[]): void {
    this.#updated(values, values, (own) => this.#call.running_sum(own, values.length / 3, this.#memory.put(step)))
  }

  sum(out: Words, terms: Words): void {
    this.#memory.scoped(() => {
      const own = this.#memory.allocate(3)
      this.#call.sum_all(own, this.#memory.put(terms), terms.length / 3)
      this.#memory.copyOut(out, own)
    })
  }

  selectors(out: Words, shift: bigint): void {
    const count = out.length / 3
    const log = Math.log2(count)
    this.#memory.scoped(() => {
      const own = this.#memory.allocate(3 * count)
      this.#call.selectors(own, log, shift, rootOfUnity(log), this.#memory.allocate(2 * count))
      this.#memory.copyOut(out, own)
    })
  }

  addPeriodic(result: ExtensionArrays, count: number, values: ExtensionArrays, period: number, factor: bigint): void {
    this.#memory.scoped(() => {
      const own = this.#memory.putArrays(result.words, 3, result.stride, count)
      const table = this.#memory.putArrays(values.words, 3, values.stride, period)
      this.#call.add_periodic(own, count, count, table, period, period, factor)
      this.#memory.copyOutArrays(result.words, 3, result.stride, own, count)
    })
  }

  evaluateAt(out: Words, coefficients: Words, points: Words): void {
    this.#memory.scoped(() => {
      const own = this.#memory.allocate(out.length)
      this.#call.evaluate_base(own, this.#memory.put(coefficients), coefficients.length, this.#memory.put(points), points.length / 3)
      this.#memory.copyOut(out, own)
    })
  }

  openColumn(
    out: Words,
    coefficients: Words,
    { positions, points, near, eighths }: { positions: Uint32Array; points: Words; near: number; eighths: Words },
  ): void {
    const memory = this.#memory
    memory.scoped(() => {
      const own = memory.allocate(out.length)
      this.#call.open_column(
        own,
        memory.allocate(coefficients.length),
        memory.put(coefficients),
        Math.log2(coefficients.length),
        memory.putIntegers(positions),
        positions.length,
        memory.put(points),
        near,
        memory.put(eighths),
        eighths.length,
      )
      memory.copyOut(out, own)
    })
  }

  addScaled({ words, stride }: ExtensionArrays, step: number, terms: readonly ScaledTerm[]): void {
    const memory = this.#memory
    const size = step * Math.max(0, ...terms.map(({ coefficients }) => coefficients.length))
    memory.scoped(() => {
      const own = memory.putArrays(words, 3, stride, size)
      for (const { coefficients, place, factor } of terms) {
        memory.scoped(() =>
          this.#call.add_scaled(own, size, place, step, memory.put(coefficients), coefficients.length, memory.put(factor)),
        )
      }
      memory.copyOutArrays(words, 3, stride, own, size)
    })
  }

  addQuotients(
    quotient: Words,
    polynomial: Words,
    step: number,
    divisions: readonly { readonly point: readonly bigint[]; readonly weight: readonly bigint[] }[],
  ): void {
    const memory = this.#memory
    this.#updated(quotient, quotient, (own) => {
      const dividend = memory.put(polynomial)
      for (const { point, weight } of divisions) {
        this.#call.add_quotient(own, dividend, polynomial.length / 3, step, memory.put(point), memory.put(weight))
      }
    })
  }

  fold(out: Words, coefficients: Words, by: number, challenge: readonly bigint[]): void {
    this.#memory.scoped(() => {
      const own = this.#memory.allocate(out.length)
      this.#call.fold(own, this.#memory.put(coefficients), coefficients.length / 3, by, this.#memory.put(challenge))
      this.#memory.copyOut(out, own)
    })
  }

  /** out = what `work` makes of a copy of `from`. */
  #updated(out: Words, from: Words, work: (values: Pointer) => void): void {
    this.#memory.scoped(() => {
      const values = this.#memory.put(from)
      work(values)
      this.#memory.copyOut(out, values)
    })
  }
}
