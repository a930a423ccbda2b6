import type { Exchange, TableValues } from '../../../air/check.ts'
import { inverse, toElement } from '../../../field/goldilocks.ts'
import { bytePairBus, halfBus } from '../../buses.ts'
import { ChangedTable } from '../../testing/changed-table.ts'
import { arithmetic256Table } from '../air.ts'
import { callRows, integerWords } from '../operations.ts'
import { type Arithmetic256Values, type Arithmetic256Witness, witnessOf } from '../witness.ts'

const wordSize = 2n ** 32n
const limbSize = 2n ** 16n

/** What the bytes table has. */
function isLookup({ bus, tuple }: Exchange): boolean {
  if (bus === halfBus) return tuple.every((half) => half < limbSize)
  return bus === bytePairBus && tuple.every((byte) => byte < 256n)
}

/** Changes calls of a table and does whatever helps to hide it: only lookups of what is no half or byte give a cheater away. */
export class Cheater extends ChangedTable {
  constructor(values: TableValues) {
    const near = (row: number): number[] => [row, row - 1, row - (row % callRows) + callRows - 1]
    super({ table: arithmetic256Table, values, near, isLookup })
  }

  /** A number of 8 words, from this row on. */
  putNumber(name: string, first: number, value: bigint): this {
    for (let word = 0; word < integerWords; word++) this.putWord(name, first + word, (value >> BigInt(32 * word)) % wordSize)
    return this
  }

  putWord(name: string, row: number, word: bigint): this {
    this.set(`${name}.low`, row, word % limbSize)
    this.set(`${name}.high`, row, word / limbSize)
    return this
  }

  word(name: string, row: number): bigint {
    return this.get(`${name}.low`, row) + limbSize * this.get(`${name}.high`, row)
  }

  /** Operands and results of the call at this row, and all that shows the latter to be right. */
  putCall(first: number, values: Arithmetic256Values, witness: Arithmetic256Witness = witnessOf(values)): this {
    const { operation, before, left, right, after } = values
    const upper = first + integerWords
    for (const [name, [low, high]] of Object.entries({ before, after, left })) this.putNumber(name, first, low).putNumber(name, upper, high)
    if (operation === 'mulAdd' || operation === 'mulMod') this.putNumber('right', first, right)
    if (operation === 'mulMod') this.putNumber('after', upper, 0n).putLimit(first, right)
    if (operation === 'double') this.putNumber('left', first, witness.excess).putNumber('left', upper, 0n)
    return this.putWitness(first, witness).bound(first)
  }

  putWitness(first: number, { slope, quotients, carries }: Arithmetic256Witness): this {
    for (let row = 0; row < callRows; row++) {
      this.set('slope', first + row, BigInt(slope[row] ?? 0))
      quotients.forEach((quotient, index) => {
        this.set(`quotient${index}`, first + row, BigInt(quotient[row] ?? 0))
      })
      for (let index = 0; index < 6; index++) {
        const carry = carries[callRows * index + row] ?? 0
        this.set(`carry${index}.low`, first + row, BigInt(carry & 0xffff))
        this.set(`carry${index}.high`, first + row, BigInt(carry >>> 16))
      }
    }
    return this
  }

  putLimit(first: number, limit: bigint): this {
    for (let word = 0; word < integerWords; word++) this.set('limit', first + word, (limit >> BigInt(32 * word)) % wordSize)
    return this
  }

  /** Borrows and gaps as they have to be; the last gap of what is not below its limit is negative. */
  bound(first: number): this {
    for (const name of ['before', 'after', 'left']) {
      for (const half of [first, first + integerWords]) {
        let borrow = 0n
        for (let row = half; row < half + integerWords; row++) {
          const gap = this.get('limit', row) - (row === half ? 1n : 0n) - this.word(name, row) - borrow
          this.set(`${name}.borrow`, row, borrow)
          this.set(`${name}.gapLow`, row, ((gap % limbSize) + limbSize) % limbSize)
          borrow = gap < 0n ? 1n : 0n
        }
      }
    }
    return this
  }

  /** Shows that the slope's run is not 0. Throws RangeError where it is. */
  putInverse(first: number): this {
    const isDouble = this.get('isDouble', first) === 1n
    const begin = isDouble ? first + integerWords : first
    const rows = Array.from({ length: integerWords }, (_, row) => begin + row)
    for (let row = first; row < first + callRows; row++) this.set('inverse', row, 0n)
    const run = (row: number): bigint => toElement(isDouble ? this.word('before', row) : this.word('left', row) - this.word('before', row))
    const nonzero = rows.find((row) => run(row) !== 0n)
    if (nonzero === undefined) throw new RangeError('the run is 0')
    this.set('inverse', nonzero, inverse(run(nonzero)))
    return this
  }
}
