import { join } from 'node:path'
import type { DevnetDatabase } from '../../database/index.ts'
import { blockPayload, blocksOf, rowsOf } from './block-frames.ts'
import type { BlockWrite } from './block-rows.ts'
import { BlockJournalUnreadableError } from './errors.ts'
import { JournalFile, readLeft } from './journal-file.ts'
import { JournaledBlocks } from './journaled-blocks.ts'
import { firstNodeId, type StateTable } from './state-table.ts'
import { TableThread } from './table-thread.ts'
import type { BlockRows, TableWriter } from './table-writer.ts'

export interface BlockJournalDeps {
  readonly database: DevnetDatabase
  readonly writer: TableWriter
  readonly state: StateTable
}

// So many are moved together, so that pages of the tables are written once for all of them.
const blocksPerMove = 64
// The thread does not keep up, or fails: from here on whoever seals does it. A few megabytes of memory.
const maxBlocks = 512
const maxFileBytes = 8 * 2 ** 20

/**
 * The newest blocks: in a file to which each is appended with one write, and in memory. A block's own rows lie in a dozen B-trees: written with
 * every block, most of their pages would go to SQLite's log again and again. From here a thread takes them to the tables, many at once.
 *
 * The tables tell which blocks are moved, never the memory: thread and node may both insert what the journal has. A rewind counts up the epoch in
 * its own transaction, and what an older one's journal holds is nothing any more.
 */
export class BlockJournal {
  readonly blocks = new JournaledBlocks()
  readonly #deps: BlockJournalDeps
  readonly #path: string | undefined
  #thread: TableThread | undefined
  #file: JournalFile | undefined
  #moving: Promise<void> | undefined
  /** Where the first transaction's frame begins whose block is still to come. */
  #acceptedFrom: number | undefined

  /** An empty one: `insertLeft` comes before. Without a data directory there is none. */
  constructor(deps: BlockJournalDeps) {
    this.#deps = deps
    this.#path = journalPath(deps.database)
    if (this.#path === undefined) return
    this.#thread = new TableThread({ databasePath: deps.database.path, journalPath: this.#path })
    this.#begin()
  }

  /** Whether blocks can be appended: not where its file could not be made. */
  get isOpen(): boolean {
    return this.#file !== undefined
  }

  get isFull(): boolean {
    return this.blocks.size >= maxBlocks
  }

  /** Has the next block on disk. @throws DataDiskFullError, DataDirectoryError; then it has not */
  append(write: BlockWrite, rows: BlockRows): void {
    if (this.#file === undefined) throw new TypeError('the journal is not open')
    const from = this.#file.end
    this.#file.append('block', blockPayload(rows))
    this.blocks.add({ write, from })
    this.#acceptedFrom = undefined
  }

  /**
   * Has a transaction on disk whose block will be the next one that is appended, and whose sender is told of it before that. After a crash it is in
   * the pool. False where there is no journal. @throws DataDiskFullError, DataDirectoryError; then it is not on disk
   */
  accept(raw: Uint8Array): boolean {
    if (this.#file === undefined) return false
    const from = this.#file.end
    this.#file.append('transaction', raw)
    this.#acceptedFrom ??= from
    return true
  }

  /** Has the thread take blocks to the tables, where there are enough of them. */
  moveInRush(): void {
    // What fails is tried again with the next block, and by the sealer itself when the journal is full: then the reason is told.
    if (this.blocks.size >= blocksPerMove && this.#moving === undefined) this.#moveSome().catch(() => undefined)
  }

  /** Resolves when no block is left that was here at the call, or the journal is closed. @throws what kept the thread from it */
  async moveAll(): Promise<void> {
    const { newest } = this.blocks
    // The move in progress may have begun before the newest block was there.
    while (this.#file !== undefined && this.blocks.oldest !== undefined && this.blocks.oldest.number <= newest) await this.#moveSome()
    if (this.#file === undefined && this.#thread !== undefined) this.#begin()
  }

  /** Inserts all blocks into the tables, here and now. Joins a transaction that is open, and is undone with it. */
  settle(): void {
    const { database, writer, state } = this.#deps
    const { oldest } = this.blocks
    if (oldest === undefined || this.#file === undefined) return
    const { newest } = this.blocks
    const { epoch } = this.#file.version
    const blocks = blocksOf(this.#file.frames(oldest.from, this.#file.end))
    const index = state.indexDue(firstNodeId(BigInt(newest) + 1n))
    database.transaction(() => {
      const head = writer.insertBlocks({ epoch, blocks, index })
      if (head === undefined || head < newest) throw new BlockJournalUnreadableError(this.#path ?? '')
      database.afterCommit(() => this.#moved(newest, index?.below))
    })
  }

  /** The chain is another one: the tables hold all of it. */
  restart(): void {
    this.blocks.forget(Number.POSITIVE_INFINITY)
    this.#begin()
  }

  /** After the move in progress. */
  async close(): Promise<void> {
    await this.#moving?.catch(() => undefined)
    await this.#thread?.close()
    this.#thread = undefined
    this.#file?.close()
    this.#file = undefined
  }

  #moveSome(): Promise<void> {
    this.#moving ??= this.#move().finally(() => {
      this.#moving = undefined
    })
    return this.#moving
  }

  async #move(): Promise<void> {
    const file = this.#file
    const { oldest, newest } = this.blocks
    if (file === undefined || oldest === undefined || this.#thread === undefined) return
    const index = this.#deps.state.indexDue(firstNodeId(BigInt(newest) + 1n))
    const head = await this.#thread.move({ range: file.range(oldest.from, file.end), index })
    // A rewind was faster: these blocks are gone.
    if (file.version.epoch !== this.#file?.version.epoch) return
    if (head !== undefined && head >= oldest.number) this.#moved(Math.min(head, newest), index?.below)
    // Nor was it the node itself that inserted them meanwhile.
    else if (file === this.#file && this.blocks.oldest?.number === oldest.number) throw new BlockJournalUnreadableError(this.#path ?? '')
  }

  #moved(newest: number, indexedBelow = 0): void {
    this.#deps.state.indexed(indexedBelow)
    this.blocks.forget(newest)
    this.#shorten()
  }

  /** A file that is never empty begins anew, without what was moved. */
  #shorten(): void {
    const file = this.#file
    if (file === undefined || file.end < maxFileBytes) return
    const from = this.blocks.oldest?.from ?? this.#acceptedFrom ?? file.end
    try {
      this.#file = file.successor(from)
    } catch {
      // It can grow on: whoever appends to it is told what is wrong with the disk.
      return
    }
    file.close()
    this.blocks.moveForward(from - file.start)
    if (this.#acceptedFrom !== undefined) this.#acceptedFrom -= from - file.start
  }

  #begin(): void {
    if (this.#path === undefined) return
    const generation = (this.#file?.version.generation ?? 0) + 1
    this.#file?.close()
    this.#file = undefined
    this.#acceptedFrom = undefined
    try {
      this.#file = JournalFile.create(this.#path, { epoch: this.#deps.writer.epoch, generation })
    } catch {
      // Blocks go to the tables at once; where the disk cannot take these either, whoever seals is told.
    }
  }
}

function journalPath({ dataDir }: DevnetDatabase): string | undefined {
  return dataDir === undefined ? undefined : join(dataDir, 'blocks.journal')
}

/** Moves what a killed process left in the journal to the tables, accepted transactions to the pool's. */
export function insertLeft(database: DevnetDatabase, writer: TableWriter): void {
  const path = journalPath(database)
  const { epoch } = writer
  database.transaction(() => {
    // Where the journal lay before it had a file.
    const earlier = database.sqlite.prepare<[], Uint8Array>('SELECT rows FROM chain_journal ORDER BY number').pluck().all()
    if (earlier.length > 0) database.sqlite.exec('DELETE FROM chain_journal')
    const left = path === undefined ? [] : readLeft(path, epoch)
    writer.insertBlocks({ epoch, blocks: [...earlier.map(rowsOf), ...blocksOf(left)] })
    // Those before a block are in it, or were put into the pool when they were not. The pool drops what is sealed.
    const afterBlocks = left.slice(left.findLastIndex(({ kind }) => kind === 'block') + 1)
    for (const { payload } of afterBlocks) writer.insertPooled(payload)
  })
}
