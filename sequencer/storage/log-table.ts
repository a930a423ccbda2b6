import { bytesToHex, type Hex, hexToBytes, type Log, type LogQuery, TooManyLogsError } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { logAt, logPlace } from './place.ts'
import type { LogInsert } from './table-writer.ts'

/** A log as its row has it; the rest comes from its block. */
export interface LogRow {
  readonly blockNumber: bigint
  readonly logIndex: number
  readonly transactionIndex: number
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

interface Row {
  place: number
  transaction_index: number
  address: Uint8Array
  topic0: Uint8Array | null
  topic1: Uint8Array | null
  topic2: Uint8Array | null
  topic3: Uint8Array | null
  data: Uint8Array
}

export function logInsert(log: Log): LogInsert {
  const topic = (index: number): Uint8Array | null => {
    const value = log.topics[index]
    return value === undefined ? null : hexToBytes(value)
  }
  return [
    logPlace(log.blockNumber, log.logIndex),
    log.transactionIndex,
    hexToBytes(log.address),
    topic(0),
    topic(1),
    topic(2),
    topic(3),
    hexToBytes(log.data),
  ]
}

const topicColumns = ['topic0', 'topic1', 'topic2', 'topic3'] as const

export class LogTable {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #ofBlock

  constructor({ sqlite }: DevnetDatabase) {
    this.#sqlite = sqlite
    this.#ofBlock = sqlite.prepare<[number, number], Row>('SELECT * FROM chain_logs WHERE place >= ? AND place < ? ORDER BY place')
  }

  ofBlock(block: bigint): LogRow[] {
    return this.#ofBlock.all(logPlace(block, 0), logPlace(block + 1n, 0)).map(fromRow)
  }

  /** @throws TooManyLogsError */
  query({ fromBlock, toBlock, addresses, topics, limit }: LogQuery): LogRow[] {
    // A position past the fourth, even as a wildcard, asks for more topics than a log can have.
    if (fromBlock > toBlock || topics.length > topicColumns.length) return []
    const conditions = ['place >= ?', 'place < ?']
    const values: (number | Uint8Array)[] = [logPlace(fromBlock, 0), logPlace(toBlock + 1n, 0)]
    const among = (column: string, options: readonly Hex[]): void => {
      conditions.push(`${column} IN (${options.map(() => '?').join(', ')})`)
      for (const option of options) values.push(hexToBytes(option))
    }
    if (addresses.length > 0) among('address', addresses)
    for (const [index, options] of topics.entries()) {
      const column = topicColumns[index]
      if (column === undefined) continue
      // As in geth a wildcard still asks for a topic at its place. `+` keeps the planner off the index: nearly all logs match.
      if (options === null || options.length === 0) conditions.push(`+${column} IS NOT NULL`)
      else among(column, options)
    }
    const rows = this.#sqlite
      .prepare<unknown[], Row>(`SELECT * FROM chain_logs WHERE ${conditions.join(' AND ')} ORDER BY place LIMIT ?`)
      .all(...values, limit + 1)
    if (rows.length > limit) throw new TooManyLogsError(limit)
    return rows.map(fromRow)
  }

  deleteAbove(block: bigint): void {
    this.#sqlite.prepare('DELETE FROM chain_logs WHERE place >= ?').run(logPlace(block + 1n, 0))
  }
}

function fromRow(row: Row): LogRow {
  const { block, index } = logAt(row.place)
  return {
    blockNumber: block,
    logIndex: index,
    transactionIndex: row.transaction_index,
    address: bytesToHex(row.address),
    topics: topicColumns.flatMap((column) => {
      const topic = row[column]
      return topic === null ? [] : [bytesToHex(topic)]
    }),
    data: bytesToHex(row.data),
  }
}
