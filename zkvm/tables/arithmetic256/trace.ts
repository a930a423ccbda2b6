import type { Trace } from '../../air/air.ts'
import { inverseAll, toElement } from '../../field/goldilocks.ts'
import { integerToWords, wordsToInteger } from '../../isa/system/integers.ts'
import type { MemoryAccess } from '../../isa/trace.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import type { MemoryState } from '../memory-state.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { arithmetic256Table, firstArgumentRegister } from './air.ts'
import { type Arithmetic256Operation, callRows, integerWords, operationNames, prime } from './operations.ts'
import { type Arithmetic256Values, witnessOf } from './witness.ts'

/** A call as the machine made it. */
export interface ExecutedArithmetic256 {
  readonly operation: Arithmetic256Operation
  readonly timestamp: number
  /** a0, where the result goes, and what else the call takes, unsigned. */
  readonly arguments: readonly number[]
  /** Operands in the order of the arguments, the result last. */
  readonly accesses: readonly MemoryAccess[]
}

const column = columnsOf(arithmetic256Table)
const capitalized = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`
const wordOf = (name: string) => ({ low: column(`${name}.low`), high: column(`${name}.high`) })
const accessOf = (name: string) => ({ previous: column(`${name}.previous`), since: column(`${name}.since`) })
const boundOf = (name: string) => ({ ...wordOf(name), borrow: column(`${name}.borrow`), gapLow: column(`${name}.gapLow`) })
const at = {
  is: operationNames.map((name) => column(`is${capitalized(name)}`)),
  isLower: operationNames.map((name) => column(`is${capitalized(name)}Lower`)),
  timestamp: column('timestamp'),
  target: { pointer: column('target'), ...accessOf('target') },
  arguments: ['first', 'second', 'third'].map((name) => column(name)),
  before: boundOf('before'),
  after: boundOf('after'),
  left: { ...boundOf('left'), ...accessOf('left'), address: column('left.address') },
  right: { ...wordOf('right'), ...accessOf('right'), address: column('right.address'), isThere: column('right.isThere') },
  limit: column('limit'),
  inverse: column('inverse'),
  slope: column('slope'),
  quotients: [0, 1, 2].map((index) => column(`quotient${index}`)),
  carries: [0, 1, 2, 3, 4, 5].map((index) => wordOf(`carry${index}`)),
}

const noWords = new Int32Array(callRows)
const primeWords = integerToWords(prime, integerWords)

/** Fills the table of 256-bit arithmetic and secp256k1: 16 rows a call. */
export class Arithmetic256Rows {
  readonly rows: RowBuffer
  readonly #registers: MemoryState
  readonly #ram: MemoryState
  readonly #lookups: ByteLookups
  /** A row of each call on the curve with a word of the slope's run that is not 0. */
  readonly #runs: { readonly row: number; readonly word: number }[] = []

  constructor({
    registers,
    ram,
    lookups,
    memory,
  }: {
    readonly registers: MemoryState
    readonly ram: MemoryState
    readonly lookups: ByteLookups
    readonly memory?: WordPool | undefined
  }) {
    this.rows = new RowBuffer(arithmetic256Table.mainColumns.length, memory)
    this.#registers = registers
    this.#ram = ram
    this.#lookups = lookups
  }

  /** Throws RangeError where the result is not that of the operation. */
  push(call: ExecutedArithmetic256): void {
    const words = new CallWords(call)
    const first = this.rows.count
    for (let row = 0; row < callRows; row++) this.#begin(call, row)
    // In the order of their timestamps, or accesses of overlapping operands would miss each other.
    for (let row = 0; row < callRows; row++) this.#readLeft(call, words, first, row)
    for (let row = 0; row < callRows; row++) this.#readRight(call, words, first, row)
    for (let row = 0; row < callRows; row++) this.#writeTarget(call, words, first, row)
    this.#bound(at.before, words.before, words.isCurve ? primeWords : undefined, first, callRows)
    this.#bound(at.left, words.left, call.operation === 'add' ? primeWords : undefined, first, callRows)
    if (words.isCurve) this.#bound(at.after, words.after, primeWords, first, callRows)
    else this.#bound(at.after, words.after, call.operation === 'mulMod' ? words.right : undefined, first, integerWords)
    this.#witness(words, first)
    if (words.isCurve) this.#run(call, words, first)
  }

  toTrace(logHeight: number): Trace {
    const trace = this.rows.toTrace(logHeight)
    const inverses = inverseAll(this.#runs.map(({ word }) => toElement(BigInt(word))))
    this.#runs.forEach(({ row }, index) => {
      trace.main[at.inverse * 2 ** logHeight + row] = inverses[index] ?? 0n
    })
    return trace
  }

  #begin({ operation, timestamp, arguments: [target = 0, ...others] }: ExecutedArithmetic256, row: number): void {
    const start = this.rows.append()
    const { cells } = this.rows
    const index = operationNames.indexOf(operation)
    cells[start + (at.is[index] ?? 0)] = 1
    if (row < integerWords) cells[start + (at.isLower[index] ?? 0)] = 1
    cells[start + at.timestamp] = timestamp
    cells[start + at.target.pointer] = target
    others.forEach((pointer, argument) => {
      cells[start + (at.arguments[argument] ?? 0)] = pointer
    })
  }

  #readLeft(
    { operation, timestamp, arguments: [, a = 0, b = 0] }: ExecutedArithmetic256,
    { left }: CallWords,
    first: number,
    row: number,
  ): void {
    const start = (first + row) * this.rows.width
    const word = (left[row] ?? 0) >>> 0
    this.#put(start, at.left, word)
    const time = timestamp + (row < integerWords ? 0 : 1)
    const address = operation === 'add' || row < integerWords ? a + 4 * row : b + 4 * (row - integerWords)
    const isThere = operation !== 'double'
    if (isThere) this.rows.cells[start + at.left.address] = address
    this.#access(start, at.left, isThere ? this.#ram.access(address, word, word, time) : time - 1, time)
  }

  #readRight(
    { timestamp, arguments: [, ...pointers] }: ExecutedArithmetic256,
    { right, isCurve }: CallWords,
    first: number,
    row: number,
  ): void {
    const start = (first + row) * this.rows.width
    const { cells } = this.rows
    const time = timestamp + 2
    const pointer = pointers[row - integerWords]
    const isThere = row < integerWords ? !isCurve : pointer !== undefined
    const address = row < integerWords ? (pointers[2] ?? 0) + 4 * row : row - integerWords + firstArgumentRegister
    const word = (row < integerWords ? (right[row] ?? 0) : (pointer ?? 0)) >>> 0
    this.#put(start, at.right, word)
    cells[start + at.right.isThere] = isThere ? 1 : 0
    if (isThere) cells[start + at.right.address] = address
    const state = row < integerWords ? this.#ram : this.#registers
    this.#access(start, at.right, isThere ? state.access(address, word, word, time) : time - 1, time)
    if (!isCurve && row < integerWords && this.#isReduced(start)) cells[start + at.limit] = word
    else if (isCurve) cells[start + at.limit] = primeWords[row % integerWords] ?? 0
  }

  #isReduced(start: number): boolean {
    return this.rows.cells[start + (at.is[operationNames.indexOf('mulMod')] ?? 0)] === 1
  }

  #writeTarget(
    { operation, timestamp, arguments: [target = 0] }: ExecutedArithmetic256,
    words: CallWords,
    first: number,
    row: number,
  ): void {
    const start = (first + row) * this.rows.width
    const before = (words.before[row] ?? 0) >>> 0
    const after = (words.after[row] ?? 0) >>> 0
    this.#put(start, at.before, before)
    this.#put(start, at.after, after)
    const time = timestamp + 3
    const isThere = operation !== 'mulMod' || row < integerWords
    this.#access(start, at.target, isThere ? this.#ram.access(target + 4 * row, before, after, time) : time - 1, time)
  }

  #put(start: number, columns: { readonly low: number; readonly high: number }, word: number): void {
    const { cells } = this.rows
    cells[start + columns.low] = word & 0xffff
    cells[start + columns.high] = word >>> 16
    this.#lookups.word(word)
  }

  #access(start: number, columns: { readonly previous: number; readonly since: number }, previous: number, time: number): void {
    const { cells } = this.rows
    const since = time - previous - 1
    cells[start + columns.previous] = previous
    cells[start + columns.since] = since & 0xffff
    this.#lookups.half(since & 0xffff)
  }

  /** Shows that the numbers of 8 words are below those of the limit, or nothing where there is none. */
  #bound(
    columns: { readonly borrow: number; readonly gapLow: number },
    words: Int32Array,
    limit: Int32Array | undefined,
    first: number,
    length: number,
  ): void {
    if (limit === undefined) return
    const { cells, width } = this.rows
    let borrow = 0
    for (let row = 0; row < length; row++) {
      const start = (first + row) * width
      const isFirst = row % integerWords === 0
      if (isFirst && borrow !== 0) throw new RangeError('an operand or result is not below its modulus')
      const gap = ((limit[row % integerWords] ?? 0) >>> 0) - (isFirst ? 1 : 0) - ((words[row] ?? 0) >>> 0) - borrow
      cells[start + columns.borrow] = borrow
      cells[start + columns.gapLow] = gap & 0xffff
      this.#lookups.word(gap >>> 0)
      borrow = gap < 0 ? 1 : 0
    }
    if (borrow !== 0) throw new RangeError('an operand or result is not below its modulus')
  }

  #witness(words: CallWords, first: number): void {
    const { cells, width } = this.rows
    const { slope, quotients, carries } = words.witness
    for (let row = 0; row < callRows; row++) {
      const start = (first + row) * width
      const limbs = [slope, ...quotients].map((limb) => limb[row] ?? 0)
      ;[at.slope, ...at.quotients].forEach((place, index) => {
        cells[start + place] = limbs[index] ?? 0
        this.#lookups.half(limbs[index] ?? 0)
      })
      at.carries.forEach(({ low, high }, index) => {
        const carry = carries[callRows * index + row] ?? 0
        cells[start + low] = carry & 0xffff
        cells[start + high] = carry >>> 16
        this.#lookups.half(carry & 0xffff)
      })
      this.#bytes(start)
    }
  }

  /** In pairs, as the constraints have them: the high parts of the times since the accesses before, then those of carries. */
  #bytes(start: number): void {
    const { cells } = this.rows
    const high = ({ previous }: { readonly previous: number }, offset: number): number =>
      ((cells[start + at.timestamp] ?? 0) + offset - (cells[start + previous] ?? 0) - 1) >>> 16
    const carry = (index: number): number => cells[start + (at.carries[index]?.high ?? 0)] ?? 0
    const row = (start / this.rows.width) % callRows
    this.#lookups.pair(high(at.left, row < integerWords ? 0 : 1), high(at.right, 2))
    this.#lookups.pair(high(at.target, 3), carry(0))
    this.#lookups.pair(carry(1), carry(2))
    this.#lookups.pair(carry(3), carry(4))
    this.#lookups.pair(carry(5), 0)
  }

  #run({ operation }: ExecutedArithmetic256, { before, left }: CallWords, first: number): void {
    const isDouble = operation === 'double'
    for (let row = isDouble ? integerWords : 0; row < (isDouble ? callRows : integerWords); row++) {
      const word = ((isDouble ? before : left)[row] ?? 0) >>> 0
      const run = word - (isDouble ? 0 : (before[row] ?? 0) >>> 0)
      if (run === 0) continue
      this.#runs.push({ row: first + row, word: run })
      return
    }
  }
}

/** The words of a call by their place in the table, 16 of each, and what shows that the result is right. */
class CallWords {
  readonly isCurve: boolean
  readonly before: Int32Array
  readonly after: Int32Array
  readonly left: Int32Array
  readonly right: Int32Array
  readonly witness: ReturnType<typeof witnessOf>

  constructor({ operation, accesses }: ExecutedArithmetic256) {
    this.isCurve = operation === 'add' || operation === 'double'
    const reads = accesses.slice(0, -1).map(({ before }) => before)
    const { before = noWords, after = noWords } = accesses.at(-1) ?? {}
    this.before = padded(before)
    this.after = padded(after)
    this.left = this.isCurve ? padded(reads[0] ?? noWords) : Int32Array.from([...(reads[0] ?? []), ...(reads[1] ?? [])])
    this.right = this.isCurve ? noWords : padded(reads[2] ?? noWords)
    this.witness = witnessOf(this.#values(operation))
    if (operation === 'double') this.left = padded(integerToWords(this.witness.excess, integerWords))
  }

  #values(operation: Arithmetic256Operation): Arithmetic256Values {
    const halves = (words: Int32Array): [bigint, bigint] => [
      wordsToInteger(words.subarray(0, integerWords)),
      wordsToInteger(words.subarray(integerWords)),
    ]
    return { operation, before: halves(this.before), left: halves(this.left), right: halves(this.right)[0], after: halves(this.after) }
  }
}

function padded(words: Int32Array): Int32Array {
  const all = new Int32Array(callRows)
  all.set(words)
  return all
}
