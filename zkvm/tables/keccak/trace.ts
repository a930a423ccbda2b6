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
  bits: five.map((x) => five.map((y) => slots.map((s) => column(`a${x}${y}.${s}`)))),
  parities: five.map((x) => slots.map((s) => column(`c${x}.${s}`))),
  digits: five.map((row) => slots.map((s) => column(`p${row}.${s}`))),
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
      const parities = paritiesOf(state)
      const digits = digitsOf(state, parities)
      for (let index = 0; index < blockRows; index++) this.#fill({ timestamp, round, index, state, parities, digits })
      if (round < rounds) state = this.#next(round, digits)
    }
    return state
  }

  #fill({
    timestamp,
    round,
    index,
    state,
    parities,
    digits,
  }: {
    readonly timestamp: number
    readonly round: number
    readonly index: number
    readonly state: Uint32Array
    readonly parities: Uint8Array
    readonly digits: Uint16Array
  }): void {
    const start = this.rows.append()
    const { cells } = this.rows
    cells[start + at.isReal] = 1
    cells[start + at.timestamp] = timestamp
    cells[start + at.round] = round
    cells[start + at.isInput] = round === 0 ? 1 : 0
    cells[start + at.isOutput] = round === rounds ? 1 : 0
    for (const s of slots) {
      const z = index + blockRows * s
      cells[start + (at.constants[s] ?? 0)] = constantOf(round, z)
      for (const x of five) {
        for (const y of five) cells[start + (at.bits[x]?.[y]?.[s] ?? 0)] = ((state[wordOf(x, y, s)] ?? 0) >>> index) & 1
        cells[start + (at.parities[x]?.[s] ?? 0)] = parities[x * laneLength + z] ?? 0
        cells[start + (at.digits[x]?.[s] ?? 0)] = digits[x * laneLength + z] ?? 0
      }
    }
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

function bitAt(state: Uint32Array, x: number, y: number, z: number): number {
  return ((state[wordOf(x, y, z >>> 5)] ?? 0) >>> (z & 31)) & 1
}

/** Of the columns, at x·64 + z. */
function paritiesOf(state: Uint32Array): Uint8Array {
  const parities = new Uint8Array(5 * laneLength)
  for (const x of five) {
    for (let z = 0; z < laneLength; z++) parities[x * laneLength + z] = five.reduce<number>((sum, y) => sum ^ bitAt(state, x, y, z), 0)
  }
  return parities
}

/** The rows after theta, rho and pi, five digits each, at row·64 + z. */
function digitsOf(state: Uint32Array, parities: Uint8Array): Uint16Array {
  const digits = new Uint16Array(5 * laneLength)
  const parity = (x: number, z: number): number => parities[modulo5(x) * laneLength + ((z + laneLength) % laneLength)] ?? 0
  for (const { x, y, rotation, column: place, row } of moves) {
    for (let z = 0; z < laneLength; z++) {
      const digit = bitAt(state, x, y, z) + parity(x - 1, z) + parity(x + 1, z - 1)
      const to = row * laneLength + ((z + rotation) % laneLength)
      digits[to] = (digits[to] ?? 0) + digit * 4 ** place
    }
  }
  return digits
}
