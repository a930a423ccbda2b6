import { columnsOf, RowBuffer } from '../rows.ts'
import { keccakTable } from './air.ts'
import { blockRows, blocks, five, laneLength, modulo5, moves, rounds, slots, stateWords, wordOf } from './lanes.ts'
import { chi, constantOf, type KeccakLookups } from './lookups.ts'

const column = columnsOf(keccakTable)
const at = {
  isReal: column('isReal'),
  timestamp: column('timestamp'),
  round: column('round'),
  constants: slots.map((s) => column(`constant${s}`)),
  isInput: column('isInput'),
  isOutput: column('isOutput'),
}
const lanes = five.flatMap((x) => five.map((y) => ({ x, y })))
/** Columns of bits, parities and digits: of lane 5x + y, column x or row y at slot s, at 2·(that) + s. */
const bitColumns = lanes.flatMap(({ x, y }) => slots.map((s) => column(`a${x}${y}.${s}`)))
const parityColumns = five.flatMap((x) => slots.map((s) => column(`c${x}.${s}`)))
const digitColumns = five.flatMap((row) => slots.map((s) => column(`p${row}.${s}`)))

/** A state with what its rows hold besides, slice by slice. */
interface Expanded {
  /** At 64·(5x + y) + z. */
  readonly bits: Uint8Array
  /** At 64·x + z. */
  readonly parities: Uint8Array
  /** The rows after theta, rho and pi, five digits each, at 64·row + z. */
  readonly digits: Uint16Array
}

/** Fills the keccak table: a permutation at a time, round by round as its constraints have it. */
export class KeccakRows {
  readonly rows = new RowBuffer(keccakTable.mainColumns.length)
  readonly #lookups: KeccakLookups

  constructor({ lookups }: { readonly lookups: KeccakLookups }) {
    this.#lookups = lookups
  }

  /** Permutes 50 words; returns the 50 words after it. */
  push(timestamp: number, words: ArrayLike<number>): Uint32Array {
    this.#lookups.permutation()
    let state: Uint32Array = Uint32Array.from(words)
    for (let round = 0; round < blocks; round++) {
      const expanded = expand(state)
      for (let index = 0; index < blockRows; index++) this.#fill(timestamp, round, index, expanded)
      if (round < rounds) state = this.#next(round, expanded.digits)
    }
    return state
  }

  #fill(timestamp: number, round: number, index: number, { bits, parities, digits }: Expanded): void {
    const start = this.rows.append()
    const { cells } = this.rows
    cells[start + at.isReal] = 1
    cells[start + at.timestamp] = timestamp
    cells[start + at.round] = round
    cells[start + at.isInput] = round === 0 ? 1 : 0
    cells[start + at.isOutput] = round === rounds ? 1 : 0
    for (const s of slots) cells[start + (at.constants[s] ?? 0)] = constantOf(round, index + blockRows * s)
    // Slot s of entry e is at 64·e + 32·s + index, and its column at 2·e + s.
    bitColumns.forEach((place, entry) => {
      cells[start + place] = bits[blockRows * entry + index] ?? 0
    })
    parityColumns.forEach((place, entry) => {
      cells[start + place] = parities[blockRows * entry + index] ?? 0
    })
    digitColumns.forEach((place, entry) => {
      cells[start + place] = digits[blockRows * entry + index] ?? 0
    })
  }

  #next(round: number, digits: Uint16Array): Uint32Array {
    const next = new Uint32Array(stateWords)
    for (let z = 0; z < laneLength; z++) {
      for (const row of five) {
        const constant = row === 0 ? constantOf(round, z) : 0
        const combination = digits[row * laneLength + z] ?? 0
        this.#lookups.chi(combination, constant)
        const bits = chi(combination, constant)
        for (const x of five) {
          const word = wordOf(x, row, z >>> 5)
          next[word] = (next[word] ?? 0) | (((bits >>> x) & 1) << (z & 31))
        }
      }
    }
    return next
  }
}

function expand(state: Uint32Array): Expanded {
  const bits = new Uint8Array(lanes.length * laneLength)
  const parities = new Uint8Array(five.length * laneLength)
  const digits = new Uint16Array(five.length * laneLength)
  lanes.forEach(({ x, y }, lane) => {
    for (let z = 0; z < laneLength; z++) {
      const bit = ((state[wordOf(x, y, z >>> 5)] ?? 0) >>> (z & 31)) & 1
      bits[lane * laneLength + z] = bit
      parities[x * laneLength + z] = (parities[x * laneLength + z] ?? 0) ^ bit
    }
  })
  for (const { x, y, rotation, column: place, row } of moves) {
    const lane = (5 * x + y) * laneLength
    const left = modulo5(x - 1) * laneLength
    const right = modulo5(x + 1) * laneLength
    for (let z = 0; z < laneLength; z++) {
      const digit = (bits[lane + z] ?? 0) + (parities[left + z] ?? 0) + (parities[right + ((z + laneLength - 1) % laneLength)] ?? 0)
      const to = row * laneLength + ((z + rotation) % laneLength)
      digits[to] = (digits[to] ?? 0) + digit * 4 ** place
    }
  }
  return { bits, parities, digits }
}
