import { createRequire } from 'node:module'
import { inverse, mul, rootOfUnity } from '../field/goldilocks.ts'
import type { ExtensionArrays, KernelKind, Kernels, ProgramRun, ProgramSource, ScaledTerm } from './kernels.ts'
import { Twiddles } from './twiddles.ts'

type Words = BigUint64Array

/** What `native/addon.c` exports for each kind of kernels. It checks all bounds. */
interface NativeFunctions {
  nttTwiddles(twiddles: Words, log: number, root: bigint, shift: bigint): void
  ntt(out: Words, coefficients: Words, twiddles: Words): void
  bitReverse(values: Words): void
  interpolate(out: Words, values: Words, twiddles: Words, inverseShift: bigint): void
  spread(out: Words, values: Words, step: number): void
  joinRemainders(low: Words, high: Words, half: bigint, halfOverC: bigint): void
  hashRows(digests: Words, columns: Words, width: number, stride: number, count: number, levels: number): void
  hashGroups(digests: Words, values: Words, stride: number, group: number, count: number): void
  hashPairs(digests: Words, children: Words): void
  grind(state: Words, bits: number, from: bigint, to: bigint): bigint
  evaluateBase(out: Words, coefficients: Words, points: Words): void
  openColumn(out: Words, parts: Words, coefficients: Words, positions: Uint32Array, points: Words, near: number, eighths: Words): void
  addScaled(sum: Words, stride: number, first: number, step: number, coefficients: Words, factor: Words): void
  addQuotient(quotient: Words, polynomial: Words, step: number, point: Words, weight: Words): void
  fold(out: Words, coefficients: Words, by: number, challenge: Words): void
  runningSum(values: Words, step: Words): void
  sumAll(out: Words, terms: Words): void
  selectors(out: Words, shift: bigint, root: bigint, scratch: Words): void
  addPeriodic(result: Words, resultStride: number, count: number, values: Words, stride: number, period: number, factor: bigint): void
  programScratchWords(columns: number, registers: number, outputs: number): number
  runProgram(
    code: Uint32Array,
    arrays: readonly Words[],
    sources: Uint32Array,
    from: number,
    registers: number,
    constants: Words,
    result: Words,
    resultStride: number,
    outputs: Words,
    outputStride: number,
    outputCount: number,
    divide: number,
    rows: number,
    scratch: Words,
  ): void
}

export type AddonKind = Exclude<KernelKind, 'wasm'>

/** An entry for each kind that this computer's processor can run. */
export type Addon = { readonly [Kind in AddonKind]?: NativeFunctions } & {
  /** Has the system use large pages, where it can, for what of the array was not touched yet. */
  adviseHugePages(words: Words): void
}

/** Throws where the file cannot be loaded. */
export function loadAddon(path: string): Addon {
  return createRequire(import.meta.url)(path)
}

/** Where the columns of a program are: for each the number of its array, its place there, the row offset, the period. */
interface SourceTable {
  readonly arrays: readonly Words[]
  readonly places: Uint32Array
}

const nothing = new BigUint64Array(0)

/** Kernels that work on arrays where they are. */
export class NativeKernels implements Kernels {
  readonly kind: AddonKind
  readonly #addon: NativeFunctions
  readonly #twiddles: Twiddles<Words>
  #scratch = nothing
  /** Tasks of one batch share their sources. */
  readonly #tables = new WeakMap<readonly ProgramSource[], SourceTable>()

  constructor(kind: AddonKind, addon: NativeFunctions) {
    this.kind = kind
    this.#addon = addon
    this.#twiddles = new Twiddles<Words>((words) => new BigUint64Array(words), addon.nttTwiddles)
  }

  evaluate(out: Words, coefficients: Words, shift: bigint): void {
    this.#addon.ntt(out, coefficients, this.#twiddles.of(Math.log2(out.length), shift))
  }

  evaluateInOrder(out: Words, coefficients: Words, shift: bigint): void {
    this.evaluate(out, coefficients, shift)
    this.#addon.bitReverse(out)
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
    if (columns.length < step) out.fill(0n)
    for (const { coefficients, place } of columns) this.#addon.spread(out.subarray(place), coefficients, step)
    this.evaluate(out, out, shift)
  }

  interpolate(out: Words, values: Words, shift: bigint): void {
    this.#addon.interpolate(out, values, this.#twiddles.of(Math.log2(values.length), 1n), inverse(shift))
  }

  joinRemainders(low: Words, high: Words, c: bigint): void {
    const half = inverse(2n)
    this.#addon.joinRemainders(low, high, half, mul(half, inverse(c)))
  }

  hashRows(
    digests: Words,
    columns: Words,
    { width, stride, count, levels }: { width: number; stride: number; count: number; levels: number },
  ): void {
    this.#addon.hashRows(digests, columns, width, stride, count, levels)
  }

  hashGroups(digests: Words, values: Words, { stride, group, count }: { stride: number; group: number; count: number }): void {
    this.#addon.hashGroups(digests, values, stride, group, count)
  }

  hashPairs(digests: Words, children: Words): void {
    this.#addon.hashPairs(digests, children)
  }

  grind(state: Words, bits: number, from: bigint, to: bigint): bigint {
    return this.#addon.grind(state, bits, from, to)
  }

  runProgram({ program, sources, from, count, result, outputs, divide }: ProgramRun): void {
    const { arrays, places } = this.#tableOf(sources)
    const scratch = this.#scratchOf(this.#addon.programScratchWords(program.columnSlots, program.registers, program.outputs))
    this.#addon.runProgram(
      program.code,
      arrays,
      places,
      from,
      program.registers,
      program.constants,
      result?.words ?? nothing,
      result?.stride ?? 0,
      outputs?.words ?? nothing,
      outputs?.stride ?? 0,
      program.outputs,
      divide === true ? 1 : 0,
      count,
      scratch,
    )
  }

  runningSum(values: Words, step: readonly bigint[]): void {
    this.#addon.runningSum(values, BigUint64Array.from(step))
  }

  sum(out: Words, terms: Words): void {
    this.#addon.sumAll(out, terms)
  }

  selectors(out: Words, shift: bigint): void {
    const count = out.length / 3
    this.#addon.selectors(out, shift, rootOfUnity(Math.log2(count)), this.#scratchOf(2 * count))
  }

  addPeriodic(result: ExtensionArrays, count: number, values: ExtensionArrays, period: number, factor: bigint): void {
    this.#addon.addPeriodic(result.words, result.stride, count, values.words, values.stride, period, factor)
  }

  evaluateAt(out: Words, coefficients: Words, points: Words): void {
    this.#addon.evaluateBase(out, coefficients, points)
  }

  openColumn(
    out: Words,
    coefficients: Words,
    { positions, points, near, eighths }: { positions: Uint32Array; points: Words; near: number; eighths: Words },
  ): void {
    this.#addon.openColumn(out, this.#scratchOf(coefficients.length), coefficients, positions, points, near, eighths)
  }

  addScaled({ words, stride }: ExtensionArrays, step: number, terms: readonly ScaledTerm[]): void {
    for (const { coefficients, place, factor } of terms) {
      this.#addon.addScaled(words, stride, place, step, coefficients, BigUint64Array.from(factor))
    }
  }

  addQuotients(
    quotient: Words,
    polynomial: Words,
    step: number,
    divisions: readonly { readonly point: readonly bigint[]; readonly weight: readonly bigint[] }[],
  ): void {
    for (const { point, weight } of divisions) {
      this.#addon.addQuotient(quotient, polynomial, step, BigUint64Array.from(point), BigUint64Array.from(weight))
    }
  }

  fold(out: Words, coefficients: Words, by: number, challenge: readonly bigint[]): void {
    this.#addon.fold(out, coefficients, by, BigUint64Array.from(challenge))
  }

  #scratchOf(words: number): Words {
    if (this.#scratch.length < words) this.#scratch = new BigUint64Array(words)
    return this.#scratch
  }

  #tableOf(sources: readonly ProgramSource[]): SourceTable {
    const known = this.#tables.get(sources)
    if (known !== undefined) return known
    const arrays: Words[] = []
    const places = Uint32Array.from(
      sources.flatMap(({ words, from, offset, period }) => {
        const index = arrays.indexOf(words)
        return [index === -1 ? arrays.push(words) - 1 : index, from, offset & (period - 1), period]
      }),
    )
    const table = { arrays, places }
    this.#tables.set(sources, table)
    return table
  }
}
