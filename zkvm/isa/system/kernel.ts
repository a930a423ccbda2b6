import { readFileSync } from 'node:fs'

/** What `src/` exports. Operands and results stand where the `…_operands` functions say, little-endian words, the least significant first. */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  keccak_operands(): number
  keccak_permute(): void
  keccak_absorb(): void
  curve_operands(): number
  curve_add(): number
  curve_double(): number
  curve_root(): void
}

const module = new WebAssembly.Module(readFileSync(new URL('system.wasm', import.meta.url)))
const kernel = new WebAssembly.Instance(module).exports as unknown as KernelExports

const STATE_WORDS = 50
const BLOCK_WORDS = 34
const COORDINATE_WORDS = 8
const POINT_WORDS = 2 * COORDINATE_WORDS

const keccakOperands = new Int32Array(kernel.memory.buffer, kernel.keccak_operands(), STATE_WORDS + BLOCK_WORDS)
const curveOperands = new Int32Array(kernel.memory.buffer, kernel.curve_operands(), 2 * POINT_WORDS)

/** keccak-f[1600] of 25 lanes, the low word of each first. */
export function keccakF(state: Int32Array): Int32Array {
  keccakOperands.set(state)
  kernel.keccak_permute()
  return keccakOperands.slice(0, STATE_WORDS)
}

/** The same of the state with 17 lanes xored into it. */
export function keccakAbsorb(state: Int32Array, block: Int32Array): Int32Array {
  keccakOperands.set(state)
  keccakOperands.set(block, STATE_WORDS)
  kernel.keccak_absorb()
  return keccakOperands.slice(0, STATE_WORDS)
}

/** Why there is no result: a coordinate is not below the field's prime, or the line through the points is vertical. */
export type CurveRefusal = 'not-reduced' | 'vertical'

const refusals: Readonly<Record<number, CurveRefusal>> = { 1: 'not-reduced', 2: 'vertical' }

/** The sum by the chord; of any points, on the curve or not. x before y. */
export function addPoints(a: Int32Array, b: Int32Array): Int32Array | CurveRefusal {
  curveOperands.set(a)
  curveOperands.set(b, POINT_WORDS)
  return refusals[kernel.curve_add()] ?? curveOperands.slice(0, POINT_WORDS)
}

/** The double by the tangent; likewise. */
export function doublePoint(a: Int32Array): Int32Array | CurveRefusal {
  curveOperands.set(a)
  return refusals[kernel.curve_double()] ?? curveOperands.slice(0, POINT_WORDS)
}

/** `value` to the power (p + 1) / 4 modulo the prime p of secp256k1's field: a root where there is one. `value` is below p. */
export function curveRoot(value: Int32Array): Int32Array {
  curveOperands.set(value)
  kernel.curve_root()
  return curveOperands.slice(0, COORDINATE_WORDS)
}
