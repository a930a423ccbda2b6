import type { DevReasonKind } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { MetaTable } from './meta-table.ts'
import type { RowsByTable, SqlValue } from './row-codec.ts'

export type BlockInsert = [number, Uint8Array, Uint8Array, number, Uint8Array, Uint8Array, number, number, number]
export type TransactionInsert = [number, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
type Topic = Uint8Array | null
export type LogInsert = [number, number, Uint8Array, Topic, Topic, Topic, Topic, Uint8Array]
export type ReasonInsert = [number, number, DevReasonKind, string]
export type NodeInsert = [number, Uint8Array]
export type CodeInsert = [Uint8Array, number, Uint8Array]

/** Rows of trie nodes and codes. */
export interface StateRows {
  readonly nodes: readonly NodeInsert[]
  readonly codes: readonly CodeInsert[]
}

/** All rows of one block. */
export interface BlockRows {
  readonly block: BlockInsert
  readonly transactions: readonly TransactionInsert[]
  readonly logs: readonly LogInsert[]
  readonly reasons: readonly ReasonInsert[]
  readonly state: StateRows
}

/** Places of nodes for the index: the first 48 bits of a hash, and the row id at the same position. */
export interface NodeIndex {
  readonly keys: Float64Array
  readonly ids: Float64Array
  /** All nodes with smaller row ids are in the index then. */
  readonly below: number
}

/** The journal's form of a block's rows. */
export function rowsByTable({ block, transactions, logs, reasons, state }: BlockRows): RowsByTable {
  return [[block], transactions, logs, reasons, state.nodes, state.codes]
}

/** Rows that `rowsByTable` gave, of a block that this version wrote. */
export function rowsFromTables(tables: readonly SqlValue[][][]): BlockRows {
  const [[block] = [], transactions, logs, reasons, nodes, codes] = tables
  // The columns are SQLite's to check: its tables are strict.
  return { block, transactions, logs, reasons, state: { nodes, codes } } as unknown as BlockRows
}

/** Inserts blocks into the chain's tables. It knows rows only, so that a thread needs nothing else of the node. */
export class TableWriter {
  readonly #database: DevnetDatabase
  readonly #meta: MetaTable
  readonly #block
  readonly #transaction
  readonly #log
  readonly #reason
  readonly #node
  readonly #code
  readonly #pooled
  readonly #index
  readonly #head

  constructor(database: DevnetDatabase) {
    const { sqlite } = database
    this.#database = database
    this.#meta = new MetaTable(database)
    this.#block = sqlite.prepare<BlockInsert>('INSERT INTO chain_blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#transaction = sqlite.prepare<TransactionInsert>('INSERT INTO chain_transactions VALUES (?, ?, ?, ?, ?)')
    this.#log = sqlite.prepare<LogInsert>('INSERT INTO chain_logs VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    this.#reason = sqlite.prepare<ReasonInsert>('INSERT INTO chain_dev_reasons VALUES (?, ?, ?, ?)')
    this.#node = sqlite.prepare<NodeInsert>('INSERT INTO chain_nodes VALUES (?, ?)')
    this.#code = sqlite.prepare<CodeInsert>('INSERT OR IGNORE INTO chain_codes VALUES (?, ?, ?)')
    this.#pooled = sqlite.prepare<[Uint8Array, Uint8Array]>(
      `INSERT INTO chain_pool SELECT coalesce(max(arrival) + 1, 0), ? FROM chain_pool
       WHERE NOT EXISTS (SELECT 1 FROM chain_pool WHERE raw = ?)`,
    )
    // Two threads may have been given the same places.
    this.#index = sqlite.prepare<[number, number]>('INSERT OR IGNORE INTO chain_node_index VALUES (?, ?)')
    this.#head = sqlite.prepare<[], number | null>('SELECT max(number) FROM chain_blocks').pluck()
  }

  /** Counts the chain's rewinds. */
  get epoch(): number {
    return Number(this.#meta.get('journalEpoch') ?? 0)
  }

  /** Number of the newest block in the tables; -1 where there is none. */
  get head(): number {
    return this.#head.get() ?? -1
  }

  /**
   * Inserts the blocks that are not there yet, in one transaction (the open one, if any); those behind a gap are not taken. Returns the newest
   * block's number then, or undefined where the chain was rewound since the epoch: what it was given are blocks no more.
   */
  insertBlocks({
    epoch,
    blocks,
    index,
  }: {
    epoch: number
    blocks: Iterable<BlockRows>
    index?: NodeIndex | undefined
  }): number | undefined {
    return this.#database.transaction(() => {
      if (this.epoch !== epoch) return undefined
      let next = this.head + 1
      for (const rows of blocks) {
        if (rows.block[0] !== next) continue
        this.insertBlock(rows)
        next++
      }
      if (index !== undefined) this.writeIndex(index)
      return next - 1
    })
  }

  /** The caller holds the transaction. */
  insertBlock({ block, transactions, logs, reasons, state }: BlockRows): void {
    this.#block.run(...block)
    for (const transaction of transactions) this.#transaction.run(...transaction)
    for (const log of logs) this.#log.run(...log)
    for (const reason of reasons) this.#reason.run(...reason)
    this.insertState(state)
  }

  /** The caller holds the transaction. */
  insertState({ nodes, codes }: StateRows): void {
    for (const node of nodes) this.#node.run(...node)
    for (const code of codes) this.#code.run(...code)
  }

  /** At the pool's end, where it does not have it. The caller holds the transaction. */
  insertPooled(raw: Uint8Array): void {
    this.#pooled.run(raw, raw)
  }

  /** The caller holds the transaction. */
  writeIndex({ keys, ids, below }: NodeIndex): void {
    // In order of the index, so that each of its pages is visited once.
    const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))
    for (const i of order) this.#index.run(keys[i] ?? 0, ids[i] ?? 0)
    if (below > Number(this.#meta.get('nodesIndexedBelow') ?? 0)) this.#meta.set('nodesIndexedBelow', String(below))
  }
}
