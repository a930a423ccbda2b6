import type { Settings } from '../../core/index.ts'
import type { TileProgram } from '../air/compile.ts'

/** `auto`: the fastest that there are. */
export type KernelChoice = Settings['kernels']

/** What computes: our C for this kind of processor in a native addon, or in WebAssembly. All of them give the same results. */
export type KernelKind = Exclude<KernelChoice, 'auto'>

/** A column that a program reads: row r is words[from + (r + offset) mod period], `period` a power of two. */
export interface ProgramSource {
  readonly words: BigUint64Array
  readonly from: number
  readonly offset: number
  readonly period: number
}

/** Three arrays that begin `stride` words apart. */
export interface ExtensionArrays {
  readonly words: BigUint64Array
  readonly stride: number
}

/** A run of a program over the rows [from, from + count) of a table. Results go to the beginning of `result` and `outputs`. */
export interface ProgramRun {
  readonly program: TileProgram
  /** One a slot of the program's columns. */
  readonly sources: readonly ProgramSource[]
  readonly from: number
  readonly count: number
  /** The sum that the program accumulates. */
  readonly result?: ExtensionArrays
  /** Three arrays an output. */
  readonly outputs?: ExtensionArrays
  /** LogUp: outputs come in pairs, numerator and denominator; their quotients are stored, one for each pair, and the sum of them all in place of the last. */
  readonly divide?: boolean
}

/** Coefficients of a polynomial that is scaled and added to X^place·f(X^step). */
export interface ScaledTerm {
  readonly coefficients: BigUint64Array
  readonly place: number
  /** Of the extension. */
  readonly factor: readonly bigint[]
}

/**
 * What a prover thread computes with. Arrays hold canonical field elements, those of the extension are three arrays one after the other; lengths are
 * powers of two where a transform is involved. Arguments named first are written.
 *
 * @throws RangeError where an array is too short for what is asked.
 */
export interface Kernels {
  readonly kind: KernelKind
  /** Values of a polynomial on shift·H, bit-reversed. `out` may be `coefficients`. */
  evaluate(out: BigUint64Array, coefficients: BigUint64Array, shift: bigint): void
  /** The same in natural order. */
  evaluateInOrder(out: BigUint64Array, coefficients: BigUint64Array, shift: bigint): void
  /** The same, bit-reversed, of Σ X^place·f(X^step). */
  evaluatePacked(
    out: BigUint64Array,
    columns: readonly { readonly coefficients: BigUint64Array; readonly place: number }[],
    step: number,
    shift: bigint,
  ): void
  /** Values on shift·H, natural order, to coefficients. `out` may be `values`. */
  interpolate(out: BigUint64Array, values: BigUint64Array, shift: bigint): void
  /** Remainders modulo X^n − c and X^n + c to coefficients, in place. */
  joinRemainders(low: BigUint64Array, high: BigUint64Array, c: bigint): void
  /** Digests `levels` above the leaves of `count` rows; a column's begin `stride` after the one before. */
  hashRows(digests: BigUint64Array, columns: BigUint64Array, shape: { width: number; stride: number; count: number; levels: number }): void
  /** Leaf digests of `count` groups of consecutive extension elements. */
  hashGroups(digests: BigUint64Array, values: BigUint64Array, shape: { stride: number; group: number; count: number }): void
  /** The level above: half as many digests. */
  hashPairs(digests: BigUint64Array, children: BigUint64Array): void
  /** The smallest nonce in [from, to) for which H(state, nonce) begins with `bits` zero bits; `to` where there is none. */
  grind(state: BigUint64Array, bits: number, from: bigint, to: bigint): bigint
  runProgram(run: ProgramRun): void
  /** values[i] = Σ_{j<i} (values[j] − step). */
  runningSum(values: BigUint64Array, step: readonly bigint[]): void
  sum(out: BigUint64Array, terms: BigUint64Array): void
  /** isFirst, isLast and isTransition on shift·H, natural order: three arrays. */
  selectors(out: BigUint64Array, shift: bigint): void
  /** result[i] += values[i mod period]·factor for `count` rows. */
  addPeriodic(result: ExtensionArrays, count: number, values: ExtensionArrays, period: number, factor: bigint): void
  /** Values at points of the extension, three words each. */
  evaluateAt(out: BigUint64Array, coefficients: BigUint64Array, points: BigUint64Array): void
  /**
   * Values at points of the evaluation domain: `near` of them for each query, of one eighth power, the first at its position. `eighths` has for
   * each block of the domain the points' n/8-th power, up to the roots of order 8.
   */
  openColumn(
    out: BigUint64Array,
    coefficients: BigUint64Array,
    queries: { readonly positions: Uint32Array; readonly points: BigUint64Array; readonly near: number; readonly eighths: BigUint64Array },
  ): void
  /** sum += the terms, each placed by `step`. */
  addScaled(sum: ExtensionArrays, step: number, terms: readonly ScaledTerm[]): void
  /** quotient += Σ weight·(polynomial − remainder) / (X^step − point), all of the extension. */
  addQuotients(
    quotient: BigUint64Array,
    polynomial: BigUint64Array,
    step: number,
    divisions: readonly { readonly point: readonly bigint[]; readonly weight: readonly bigint[] }[],
  ): void
  /** Coefficient i is Σ_j challenge^j · coefficients[by·i + j]. */
  fold(out: BigUint64Array, coefficients: BigUint64Array, by: number, challenge: readonly bigint[]): void
}
