import type { Trace } from '../../air/air.ts'
import { inverse, toElement } from '../../field/goldilocks.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import { operations } from '../operations.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { aluOperations, aluTable } from './air.ts'

const column = columnsOf(aluTable)
const flagOf = new Map<number, number>(aluOperations.map((name) => [operations[name], column(`is_${name}`)]))
const at = {
  a: column('a0'),
  b: column('b0'),
  and: column('and0'),
  result: column('result'),
  isNegativeA: column('isNegativeA'),
  isNegativeB: column('isNegativeB'),
  outcome: column('outcome'),
  word: column('word'),
  wordLow: column('wordLow'),
  factor: column('factor'),
  complement: column('complement'),
  rest: column('rest'),
  restLow: column('restLow'),
  boundLow: column('boundLow'),
}
const { sll, srl, sra, lt, ltu, ge, geu, eq, ne } = operations

/** Fills the alu table. */
export class AluRows {
  readonly rows: RowBuffer
  readonly #lookups: ByteLookups
  /** Rows that compare different numbers for equality, and a − b of each: its inverse is no 32-bit number, so it is filled in at the end. */
  readonly #differences: { readonly row: number; readonly difference: number }[] = []

  constructor({ lookups, memory }: { readonly lookups: ByteLookups; readonly memory?: WordPool | undefined }) {
    this.#lookups = lookups
    this.rows = new RowBuffer(aluTable.mainColumns.length, memory)
  }

  /** a, b and result are unsigned. */
  push(operation: number, a: number, b: number, result: number): void {
    const row = this.rows.count
    const start = this.rows.append()
    const { cells } = this.rows
    cells[start + (flagOf.get(operation) ?? 0)] = 1
    cells[start + at.result] = result
    for (let index = 0; index < 4; index++) {
      const x = (a >>> (8 * index)) & 0xff
      const y = (b >>> (8 * index)) & 0xff
      cells[start + at.a + index] = x
      cells[start + at.b + index] = y
      cells[start + at.and + index] = x & y
      this.#lookups.and(x, y)
    }
    if (operation === eq || operation === ne) {
      cells[start + at.outcome] = a === b ? 1 : 0
      if (a !== b) this.#differences.push({ row, difference: a - b })
    } else if (operation === lt || operation === ltu || operation === ge || operation === geu) this.#order(start, operation, a, b)
    else if (operation === sll || operation === srl || operation === sra) this.#shift(start, operation, a, b)
  }

  toTrace(logHeight: number): Trace {
    const trace = this.rows.toTrace(logHeight)
    const height = 2 ** logHeight
    const inverses = new Map<number, bigint>()
    for (const { row, difference } of this.#differences) {
      const known = inverses.get(difference) ?? inverse(toElement(BigInt(difference)))
      inverses.set(difference, known)
      trace.main[at.factor * height + row] = known
    }
    return trace
  }

  #word(start: number, value: number): void {
    const { cells } = this.rows
    cells[start + at.word] = value
    cells[start + at.wordLow] = value & 0xffff
    this.#lookups.word(value)
  }

  #sign(start: number, target: number, value: number): number {
    const isNegative = value >>> 31
    this.rows.cells[start + target] = isNegative
    this.#lookups.and(value >>> 24, 0x80)
    return isNegative
  }

  #order(start: number, operation: number, a: number, b: number): void {
    const isSigned = operation === lt || operation === ge
    const signs = isSigned ? this.#sign(start, at.isNegativeA, a) - this.#sign(start, at.isNegativeB, b) : 0
    const difference = a - b - signs * 2 ** 32
    this.rows.cells[start + at.outcome] = difference < 0 ? 1 : 0
    this.#word(start, difference >>> 0)
  }

  #shift(start: number, operation: number, a: number, b: number): void {
    const { cells } = this.rows
    const by = b & 31
    const isNegative = operation === sra ? this.#sign(start, at.isNegativeA, a) : 0
    const shifted = isNegative === 1 ? ~a >>> 0 : a
    const rest = by === 0 ? 0 : operation === sll ? a >>> (32 - by) : shifted & (2 ** by - 1)
    this.#word(start, operation === sll ? (a << by) >>> 0 : shifted >>> by)
    cells[start + at.factor] = 2 ** by
    cells[start + at.complement] = 2 ** (31 - by)
    cells[start + at.rest] = rest >>> 0
    cells[start + at.restLow] = rest & 0xffff
    // 2·rest·complement = rest·2^(32−by), below 2^32 because rest < 2^by.
    const bound = (rest >>> 0) * 2 ** (32 - by)
    cells[start + at.boundLow] = bound & 0xffff
    this.#lookups.power(b & 0xff)
    this.#lookups.word(rest >>> 0)
    this.#lookups.word(bound >>> 0)
  }
}
