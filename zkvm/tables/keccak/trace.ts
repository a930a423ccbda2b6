import type { Trace } from '../../air/air.ts'
import { WordPool } from '../../kernels/word-pool.ts'
import { cellsOf, columnsOf } from '../rows.ts'
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

/** A state with what its rows hold besides, slice by slice: slot s of entry e is at 64·e + 32·s + index of the row. */
interface Expanded {
  /** At 64·(5x + y) + z. */
  readonly bits: Uint8Array
  /** At 64·x + z. */
  readonly parities: Uint8Array
  /** The rows after theta, rho and pi, five digits each, at 64·row + z. */
  readonly digits: Uint16Array
}

/** A block of rows. */
interface Block extends Expanded {
  readonly timestamp: number
  readonly round: number
}

/** Fills the keccak table: a permutation at a time, round by round as its constraints have it. */
export class KeccakRows {
  readonly #lookups: KeccakLookups
  readonly #memory: WordPool
  readonly #blocks: Block[] = []

  constructor({ lookups, memory = new WordPool() }: { readonly lookups: KeccakLookups; readonly memory?: WordPool | undefined }) {
    this.#lookups = lookups
    this.#memory = memory
  }

  /** Rows so far. */
  get count(): number {
    return blockRows * this.#blocks.length
  }

  /** Permutes 50 words; returns the 50 words after it. */
  push(timestamp: number, words: ArrayLike<number>): Uint32Array {
    this.#lookups.permutation()
    let state: Uint32Array = Uint32Array.from(words)
    for (let round = 0; round < blocks; round++) {
      const expanded = expand(state)
      this.#blocks.push({ timestamp, round, ...expanded })
      if (round < rounds) state = this.#next(round, expanded.digits)
    }
    return state
  }

  toTrace(logHeight: number): Trace {
    const height = 2 ** logHeight
    if (this.count > height) throw new RangeError(`${this.count} rows do not fit into 2^${logHeight}`)
    const main = this.#memory.take(keccakTable.mainColumns.length * height)
    const cells = cellsOf(main).fill(0)
    this.#blocks.forEach((block, index) => {
      fillBlock(cells, height, index * blockRows, block)
    })
    return { logHeight, main }
  }

  #next(round: number, digits: Uint16Array): Uint32Array {
    const next = new Uint32Array(stateWords)
    for (const row of five) {
      for (let z = 0; z < laneLength; z++) {
        const constant = row === 0 ? constantOf(round, z) : 0
        const combination = digits[row * laneLength + z] ?? 0
        this.#lookups.chi(combination, constant)
        const bits = chi(combination, constant)
        for (let x = 0; x < 5; x++) {
          const word = wordOf(x, row, z >>> 5)
          next[word] = (next[word] ?? 0) | (((bits >>> x) & 1) << (z & 31))
        }
      }
    }
    return next
  }
}

/** Elements are two cells, the low one first; the high ones stay 0. */
function fillBlock(cells: Uint32Array, height: number, first: number, { timestamp, round, bits, parities, digits }: Block): void {
  const fill = (place: number, value: number): void => {
    const start = 2 * (place * height + first)
    for (let index = 0; index < blockRows; index++) cells[start + 2 * index] = value
  }
  fill(at.isReal, 1)
  fill(at.timestamp, timestamp)
  fill(at.round, round)
  if (round === 0) fill(at.isInput, 1)
  if (round === rounds) fill(at.isOutput, 1)
  for (const s of slots) {
    const start = 2 * ((at.constants[s] ?? 0) * height + first)
    for (let index = 0; index < blockRows; index++) cells[start + 2 * index] = constantOf(round, index + blockRows * s)
  }
  const spread = (columns: readonly number[], values: Uint8Array | Uint16Array): void => {
    for (const [entry, place] of columns.entries()) {
      const start = 2 * (place * height + first)
      for (let index = 0; index < blockRows; index++) cells[start + 2 * index] = values[blockRows * entry + index] ?? 0
    }
  }
  spread(bitColumns, bits)
  spread(parityColumns, parities)
  spread(digitColumns, digits)
}

function expand(state: Uint32Array): Expanded {
  const bits = new Uint8Array(lanes.length * laneLength)
  const parities = new Uint8Array(five.length * laneLength)
  const digits = new Uint16Array(five.length * laneLength)
  for (const [lane, { x, y }] of lanes.entries()) {
    const low = state[wordOf(x, y, 0)] ?? 0
    const high = state[wordOf(x, y, 1)] ?? 0
    for (let z = 0; z < laneLength; z++) {
      const bit = ((z < 32 ? low : high) >>> (z & 31)) & 1
      bits[lane * laneLength + z] = bit
      parities[x * laneLength + z] = (parities[x * laneLength + z] ?? 0) ^ bit
    }
  }
  for (const { x, y, rotation, column: place, row } of moves) {
    const lane = (5 * x + y) * laneLength
    const left = modulo5(x - 1) * laneLength
    const right = modulo5(x + 1) * laneLength
    for (let z = 0; z < laneLength; z++) {
      const digit = (bits[lane + z] ?? 0) + (parities[left + z] ?? 0) + (parities[right + ((z + laneLength - 1) % laneLength)] ?? 0)
      const to = row * laneLength + ((z + rotation) % laneLength)
      digits[to] = (digits[to] ?? 0) + (digit << (2 * place))
    }
  }
  return { bits, parities, digits }
}
