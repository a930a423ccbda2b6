import type { WordPool } from '../../kernels/word-pool.ts'
import type { ByteLookups } from '../bytes/lookups.ts'
import { NotProvableError } from '../errors.ts'
import type { MemoryState } from '../memory-state.ts'
import { columnsOf, RowBuffer } from '../rows.ts'
import { committedWords, systemNumbers, systemTable } from './air.ts'

export interface ExecutedCall {
  readonly number: number
  readonly argument: number
  readonly result: number
  readonly timestamp: number
  /** The words at the pointer, where it commits. */
  readonly words: readonly number[]
}

const column = columnsOf(systemTable)
const at = {
  isCommit: column('isCommit'),
  isFirstWord: column('isFirstWord'),
  isLastWord: column('isLastWord'),
  argument: column('argument'),
  result: column('result'),
  timestamp: column('timestamp'),
  resultLow: column('resultLow'),
  position: column('position'),
  word: column('word'),
  previous: column('previous'),
  since: column('since'),
}
const flagOf = new Map<number, number>([
  [systemNumbers.log, column('isLog')],
  [systemNumbers.hintRequest, column('isRequest')],
  [systemNumbers.hintRead, column('isRead')],
])

/** Fills the system table. */
export class SystemRows {
  readonly rows: RowBuffer
  readonly #ram: MemoryState
  readonly #lookups: ByteLookups

  constructor({
    ram,
    lookups,
    memory,
  }: { readonly ram: MemoryState; readonly lookups: ByteLookups; readonly memory?: WordPool | undefined }) {
    this.rows = new RowBuffer(systemTable.mainColumns.length, memory)
    this.#ram = ram
    this.#lookups = lookups
  }

  /** Throws RangeError for a call that has no rows here. */
  push(call: ExecutedCall): void {
    if (call.number === systemNumbers.commit) {
      for (let position = 0; position < committedWords; position++) this.#commitWord(call, position)
      return
    }
    const flag = flagOf.get(call.number)
    if (flag === undefined) throw new NotProvableError(`the system call ${call.number} at timestamp ${call.timestamp} has no table`)
    const start = this.#begin(call)
    const { cells } = this.rows
    cells[start + flag] = 1
    if (call.number !== systemNumbers.hintRead) return
    cells[start + at.resultLow] = call.result & 0xffff
    this.#lookups.word(call.result)
  }

  #begin({ argument, result, timestamp }: ExecutedCall): number {
    const start = this.rows.append()
    const { cells } = this.rows
    cells[start + at.argument] = argument
    cells[start + at.result] = result
    cells[start + at.timestamp] = timestamp
    return start
  }

  #commitWord(call: ExecutedCall, position: number): void {
    const start = this.#begin(call)
    const { cells } = this.rows
    const word = call.words[position] ?? 0
    const time = call.timestamp + 2
    const previous = this.#ram.access(call.argument + 4 * position, word, word, time)
    const since = time - previous - 1
    cells[start + at.isCommit] = 1
    cells[start + at.isFirstWord] = position === 0 ? 1 : 0
    cells[start + at.isLastWord] = position === committedWords - 1 ? 1 : 0
    cells[start + at.position] = position
    cells[start + at.word] = word
    cells[start + at.previous] = previous
    cells[start + at.since] = since & 0xffff
    this.#lookups.half(since & 0xffff)
    this.#lookups.pair(since >>> 16, 0)
  }
}
