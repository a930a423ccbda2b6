import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import type { MemoryState } from '../memory-state.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { rateWords, stateWords } from './lanes.ts'
import { blockRegister, keccakNumbers, keccakPortTable } from './port-air.ts'
import type { KeccakRows } from './trace.ts'

/** A call of `keccak_f`, or of `keccak_absorb` where there is a block. Words are unsigned. */
export interface ExecutedKeccak {
  readonly timestamp: number
  readonly statePointer: number
  readonly state: ArrayLike<number>
  /** a1, and what it points to. */
  readonly block: { readonly pointer: number; readonly words: ArrayLike<number> } | undefined
}

export function isKeccakNumber(number: number): boolean {
  return number === keccakNumbers.permute || number === keccakNumbers.absorb
}

const column = columnsOf(keccakPortTable)
const fourOf = (name: string): number[] => [0, 1, 2, 3].map((index) => column(`${name}${index}`))
const accessOf = (name: string) => ({ previous: column(`${name}.previous`), since: column(`${name}.since`) })
const at = {
  isReal: column('isReal'),
  isFirst: column('isFirst'),
  isLast: column('isLast'),
  isAbsorb: column('isAbsorb'),
  hasBlock: column('hasBlock'),
  isBlockEnd: column('isBlockEnd'),
  position: column('position'),
  statePointer: column('statePointer'),
  blockPointer: column('blockPointer'),
  timestamp: column('timestamp'),
  before: column('before'),
  after: column('after'),
  stateBytes: fourOf('state'),
  blockBytes: fourOf('block'),
  conjunctions: fourOf('and'),
  state: accessOf('state'),
  block: accessOf('block'),
  argument: accessOf('argument'),
}

/** Fills the port's table, and the permutations' with what it calls for. */
export class KeccakPortRows {
  readonly rows: RowBuffer
  readonly #registers: MemoryState
  readonly #ram: MemoryState
  readonly #lookups: ByteLookups
  readonly #permutations: KeccakRows

  constructor({
    registers,
    ram,
    lookups,
    permutations,
    memory,
  }: {
    readonly registers: MemoryState
    readonly ram: MemoryState
    readonly lookups: ByteLookups
    readonly permutations: KeccakRows
    readonly memory?: WordPool | undefined
  }) {
    this.rows = new RowBuffer(keccakPortTable.mainColumns.length, memory)
    this.#registers = registers
    this.#ram = ram
    this.#lookups = lookups
    this.#permutations = permutations
  }

  push({ timestamp, statePointer, state, block }: ExecutedKeccak): void {
    const absorbed = Uint32Array.from({ length: stateWords }, (_, index) => (state[index] ?? 0) ^ (block?.words[index] ?? 0))
    const after = this.#permutations.push(timestamp, absorbed)
    // All of the block is read before any of the state: they may overlap.
    const blockPrevious = Array.from(block?.words ?? [], (word, index) =>
      this.#ram.access((block?.pointer ?? 0) + 4 * index, word, word, timestamp + 1),
    )
    for (let position = 0; position < stateWords; position++) {
      const start = this.rows.append()
      const { cells } = this.rows
      const before = (state[position] ?? 0) >>> 0
      const replaced = after[position] ?? 0
      cells[start + at.isReal] = 1
      cells[start + at.isFirst] = position === 0 ? 1 : 0
      cells[start + at.isLast] = position === stateWords - 1 ? 1 : 0
      cells[start + at.isAbsorb] = block === undefined ? 0 : 1
      cells[start + at.position] = position
      cells[start + at.statePointer] = statePointer
      cells[start + at.blockPointer] = block?.pointer ?? 0
      cells[start + at.timestamp] = timestamp
      cells[start + at.before] = before
      cells[start + at.after] = replaced
      const previous = this.#ram.access(statePointer + 4 * position, before, replaced, timestamp + 2)
      this.#access(start, at.state, previous, timestamp + 2)
      if (block === undefined) continue
      if (position === 0) {
        const { pointer } = block
        this.#access(start, at.argument, this.#registers.access(blockRegister, pointer, pointer, timestamp + 2), timestamp + 2)
      }
      if (position >= rateWords) continue
      cells[start + at.hasBlock] = 1
      cells[start + at.isBlockEnd] = position === rateWords - 1 ? 1 : 0
      this.#access(start, at.block, blockPrevious[position] ?? 0, timestamp + 1)
      this.#absorb(start, before, block.words[position] ?? 0)
    }
  }

  #access(start: number, columns: { readonly previous: number; readonly since: number }, previous: number, timestamp: number): void {
    const { cells } = this.rows
    const since = timestamp - previous - 1
    cells[start + columns.previous] = previous
    cells[start + columns.since] = since & 0xffff
    this.#lookups.half(since & 0xffff)
    this.#lookups.pair(since >>> 16, 0)
  }

  #absorb(start: number, state: number, block: number): void {
    const { cells } = this.rows
    for (let index = 0; index < 4; index++) {
      const x = (state >>> (8 * index)) & 0xff
      const y = (block >>> (8 * index)) & 0xff
      cells[start + (at.stateBytes[index] ?? 0)] = x
      cells[start + (at.blockBytes[index] ?? 0)] = y
      cells[start + (at.conjunctions[index] ?? 0)] = x & y
      this.#lookups.and(x, y)
    }
  }
}
