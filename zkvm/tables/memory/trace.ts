import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import type { MemoryState } from '../memory-state.ts'
import { dropsResult, operations } from '../operations.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { memoryTable } from './air.ts'

export interface LoadStore {
  readonly operation: number
  readonly address: number
  readonly stored: number
  readonly result: number
  readonly timestamp: number
  /** The word around the bytes. */
  readonly before: number
  readonly after: number
}

const column = columnsOf(memoryTable)
const names = ['lb', 'lh', 'lw', 'lbu', 'lhu', 'sb', 'sh', 'sw'] as const
const flagOf = new Map<number, number>(names.map((name) => [operations[name], column(`is_${name}`)]))
const at = {
  isDropped: column('isDropped'),
  address: column('address'),
  stored: column('stored'),
  result: column('result'),
  timestamp: column('timestamp'),
  firstOffset: column('isAt0'),
  firstByte: column('byte0'),
  previous: column('previous'),
  since: column('since'),
  after: column('after'),
  low: column('low'),
  top: column('top'),
  isNegative: column('isNegative'),
  storedLow: column('storedLow'),
  storedNext: column('storedNext'),
}

/** Fills the memory table. */
export class MemoryRows {
  readonly rows: RowBuffer
  readonly #ram: MemoryState
  readonly #lookups: ByteLookups

  constructor({
    ram,
    lookups,
    memory,
  }: { readonly ram: MemoryState; readonly lookups: ByteLookups; readonly memory?: WordPool | undefined }) {
    this.rows = new RowBuffer(memoryTable.mainColumns.length, memory)
    this.#ram = ram
    this.#lookups = lookups
  }

  push({ operation: called, address, stored, result, timestamp, before, after }: LoadStore): void {
    const start = this.rows.append()
    const { cells } = this.rows
    const lookups = this.#lookups
    const isDropped = called >= operations.lb + dropsResult
    const operation = isDropped ? called - dropsResult : called
    const offset = address & 3
    const previous = this.#ram.access(address - offset, before, after, timestamp)
    const since = timestamp - previous - 1
    cells[start + (flagOf.get(operation) ?? 0)] = 1
    cells[start + at.isDropped] = isDropped ? 1 : 0
    cells[start + at.address] = address
    cells[start + at.stored] = stored
    cells[start + at.result] = result
    cells[start + at.timestamp] = timestamp
    cells[start + at.firstOffset + offset] = 1
    for (let index = 0; index < 4; index++) cells[start + at.firstByte + index] = byteOf(before, index)
    lookups.pair(byteOf(before, 0), byteOf(before, 1))
    lookups.pair(byteOf(before, 2), byteOf(before, 3))
    cells[start + at.previous] = previous
    cells[start + at.since] = since & 0xffff
    lookups.half(since & 0xffff)
    lookups.pair(since >>> 16, 0)
    cells[start + at.after] = after
    const low = byteOf(before, offset)
    const isHalf = operation === operations.lh || operation === operations.lhu
    const top = isHalf ? byteOf(before, offset + 1) : low
    cells[start + at.low] = low
    cells[start + at.top] = top
    if (operation === operations.lb || operation === operations.lh) {
      cells[start + at.isNegative] = top >>> 7
      lookups.and(top, 0x80)
    }
    cells[start + at.storedLow] = byteOf(stored, 0)
    cells[start + at.storedNext] = byteOf(stored, 1)
    lookups.pair(byteOf(stored, 0), byteOf(stored, 1))
    lookups.half(stored >>> 16)
  }
}

function byteOf(word: number, index: number): number {
  return (word >>> (8 * index)) & 0xff
}
