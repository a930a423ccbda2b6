import type { Trace } from '../../air/air.ts'
import { inverseAll, toElement } from '../../field/goldilocks.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import { operations } from '../operations.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { mulDivOperations, mulDivTable } from './air.ts'

const column = columnsOf(mulDivTable)
const flagOf = new Map<number, number>(mulDivOperations.map((name) => [operations[name], column(`is_${name}`)]))
const at = {
  a: operandColumns('a'),
  b: operandColumns('b'),
  result: column('result'),
  high: column('high'),
  highLow: column('highLow'),
  low: column('low'),
  lowLow: column('lowLow'),
  inverse: column('inverse'),
  isByZero: column('isByZero'),
  isBounded: column('isBounded'),
  boundLow: column('boundLow'),
  areDifferent: column('areDifferent'),
  isLowNonzero: column('isLowNonzero'),
  inverseOfLow: column('inverseOfLow'),
  magnitude: column('magnitude'),
  isNegated: column('isNegated'),
  isNonzero: column('isNonzero'),
  inverseOfMagnitude: column('inverseOfMagnitude'),
}
const { mul, mulh, mulhsu, mulhu, div, rem, remu } = operations
const allOnes = 0xffff_ffff

interface OperandColumns {
  readonly value: number
  readonly low: number
  readonly top: number
  readonly isNegative: number
  readonly magnitude: number
}

function operandColumns(name: string): OperandColumns {
  return {
    value: column(name),
    low: column(`${name}Low`),
    top: column(`${name}Top`),
    isNegative: column(`isNegative_${name}`),
    magnitude: column(`magnitude_${name}`),
  }
}

/** Whether this table, and not `alu`, executes the operation. */
export function isMulDivOperation(operation: number): boolean {
  return flagOf.has(operation)
}

/** Fills the muldiv table. */
export class MulDivRows {
  readonly rows: RowBuffer
  readonly #lookups: ByteLookups
  /** What the inverses of each row are of, in the order of `inverses`. */
  readonly #inverted: bigint[] = []

  constructor({ lookups, memory }: { readonly lookups: ByteLookups; readonly memory?: WordPool | undefined }) {
    this.#lookups = lookups
    this.rows = new RowBuffer(mulDivTable.mainColumns.length, memory)
  }

  /** a, b and result are unsigned. */
  push(operation: number, a: number, b: number, result: number): void {
    const start = this.rows.append()
    const { cells } = this.rows
    const isProduct = operation <= mulhu
    const isSignedHigh = operation === mulh || operation === mulhsu
    cells[start + (flagOf.get(operation) ?? 0)] = 1
    cells[start + at.result] = result
    const isNegativeA = this.#operand(start, at.a, a, isSignedHigh || operation === div || operation === rem)
    const isNegativeB = this.#operand(start, at.b, b, operation === mulh || operation === div || operation === rem)
    const x = cells[start + at.a.magnitude] ?? 0
    const y = cells[start + at.b.magnitude] ?? 0
    const { high, low } = isProduct ? product(x, y) : quotient(x, y)
    cells[start + at.high] = high
    cells[start + at.highLow] = high & 0xffff
    cells[start + at.low] = low
    cells[start + at.lowLow] = low & 0xffff
    this.#lookups.word(high)
    this.#lookups.word(low)
    const areDifferent = isNegativeA ^ isNegativeB
    const isLowNonzero = isSignedHigh && low !== 0 ? 1 : 0
    const isByZero = !isProduct && y === 0
    cells[start + at.areDifferent] = areDifferent
    cells[start + at.isLowNonzero] = isLowNonzero
    if (isByZero) cells[start + at.isByZero] = 1
    else if (!isProduct) {
      cells[start + at.isBounded] = 1
      cells[start + at.boundLow] = (y - low - 1) & 0xffff
      this.#lookups.word(y - low - 1)
    }
    const isOfLow = operation === mul || operation === rem || operation === remu
    const magnitude = isOfLow ? low : high + (isSignedHigh ? areDifferent * isLowNonzero : 0)
    const isNegated = isSignedHigh ? areDifferent : operation === div ? (isByZero ? 0 : areDifferent) : operation === rem ? isNegativeA : 0
    cells[start + at.magnitude] = magnitude
    cells[start + at.isNegated] = isNegated
    cells[start + at.isNonzero] = magnitude === 0 ? 0 : 1
    this.#inverted.push(toElement(BigInt(isProduct ? high - allOnes : y)), BigInt(isSignedHigh ? low : 0), BigInt(magnitude))
  }

  toTrace(logHeight: number): Trace {
    const trace = this.rows.toTrace(logHeight)
    const height = 2 ** logHeight
    const columns = [at.inverse, at.inverseOfLow, at.inverseOfMagnitude]
    inverseAll(this.#inverted).forEach((value, index) => {
      const target = columns[index % columns.length] ?? 0
      trace.main[target * height + Math.floor(index / columns.length)] = value
    })
    return trace
  }

  #operand(start: number, columns: OperandColumns, value: number, isSigned: boolean): number {
    const { cells } = this.rows
    const isNegative = isSigned ? value >>> 31 : 0
    cells[start + columns.value] = value
    cells[start + columns.isNegative] = isNegative
    cells[start + columns.magnitude] = isNegative === 1 ? 2 ** 32 - value : value
    if (!isSigned) return 0
    cells[start + columns.low] = value & 0xffff
    cells[start + columns.top] = value >>> 24
    this.#lookups.half(value & 0xffff)
    this.#lookups.pair((value >>> 16) & 0xff, 0)
    this.#lookups.and(value >>> 24, 0x80)
    return isNegative
  }
}

function product(x: number, y: number): { readonly high: number; readonly low: number } {
  const whole = BigInt(x) * BigInt(y)
  return { high: Number(whole >> 32n), low: Number(whole & 0xffff_ffffn) }
}

function quotient(x: number, y: number): { readonly high: number; readonly low: number } {
  if (y === 0) return { high: allOnes, low: x }
  return { high: Math.floor(x / y), low: x % y }
}
