import type { DevReason, Receipt, SealedBlock } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { BlockTable } from './block-table.ts'
import type { BatchSource, BlockRecord } from './chain-store.ts'
import { DevTable } from './dev-table.ts'
import { ChainNotStoredError } from './errors.ts'
import { joinReceipts } from './join-receipts.ts'
import { LogTable } from './log-table.ts'
import { MetaTable } from './meta-table.ts'
import { StateTable } from './state-table.ts'

/** The blocks in the tables, for a connection that reads what another one writes. What the journal has is not there. */
export class StoredBlocks implements BatchSource {
  readonly chainId: bigint
  readonly #database: DevnetDatabase
  readonly #meta: MetaTable
  readonly #blocks: BlockTable
  readonly #logs: LogTable
  readonly #dev: DevTable
  readonly #state: StateTable
  #epoch: string | undefined
  /** Whoever reads a record reads its receipts next. */
  #lastRead: SealedBlock | undefined

  /** @throws ChainNotStoredError in a database without a chain */
  constructor(database: DevnetDatabase) {
    this.#database = database
    this.#meta = new MetaTable(database)
    this.#blocks = new BlockTable(database)
    this.#logs = new LogTable(database)
    this.#dev = new DevTable(database)
    const chainId = this.#meta.get('chainId')
    if (chainId === undefined) throw new ChainNotStoredError(database.path)
    this.chainId = BigInt(chainId)
    this.#epoch = this.#meta.get('journalEpoch')
    this.#state = new StateTable(database, this.#meta)
  }

  /** Runs `work` on the chain as it is now, whatever is written meanwhile. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    const { sqlite } = this.#database
    // Not a transaction of the database's: that one would keep the writers out.
    sqlite.exec('BEGIN')
    try {
      this.#follow()
      return await work()
    } finally {
      sqlite.exec('ROLLBACK')
    }
  }

  record(blockNumber: bigint): BlockRecord | undefined {
    const record = this.#blocks.record(blockNumber)
    this.#lastRead = record?.block
    return record
  }

  receipts(blockNumber: bigint): readonly Receipt[] {
    const block = this.#lastRead?.header.number === blockNumber ? this.#lastRead : this.#blocks.block(blockNumber)
    if (block === undefined) return []
    return joinReceipts({ block, heads: this.#blocks.receipts(blockNumber), logs: this.#logs.ofBlock(blockNumber) })
  }

  devReasons(blockNumber: bigint): readonly DevReason[] {
    return this.#dev.reasons(blockNumber)
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#state.node(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#state.code(hash)
  }

  /** A rewind gives row ids of nodes to others, so what is known of them is worth nothing after it. */
  #follow(): void {
    const epoch = this.#meta.get('journalEpoch')
    if (epoch === this.#epoch) this.#state.follow()
    else this.#state.reload()
    this.#epoch = epoch
    this.#lastRead = undefined
  }
}
