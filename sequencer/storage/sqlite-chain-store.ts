import {
  type BlockHeader,
  type DevReason,
  type Hex,
  type Log,
  type LogQuery,
  type Receipt,
  type SealedBlock,
  type SealedTransaction,
  StateUnavailableError,
  type StateView,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { encodeBlock, encodeHeader, StateStore } from '../../stf/index.ts'
import { BlockJournal, insertLeft } from './block-journal.ts'
import { type BlockWrite, blockRows } from './block-rows.ts'
import { BlockTable } from './block-table.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { BlockRecord, ChainStore, Finality } from './chain-store.ts'
import { DevTable, type PreState } from './dev-table.ts'
import { ChainNotStoredError, HeadStateUnreadableError } from './errors.ts'
import { joinReceipts, toLog } from './join-receipts.ts'
import { LogTable } from './log-table.ts'
import { MetaTable } from './meta-table.ts'
import { codeInserts, type PlacedState, StateTable } from './state-table.ts'
import { TrieStateView } from './state-view.ts'
import { type BlockRows, TableWriter } from './table-writer.ts'

/** What a snapshot keeps of changes by dev methods after the head. */
export interface PreStateMark {
  readonly preState: PreState | undefined
  readonly nodesEnd: number
}

// Weights are transactions, plus one per block: a few megabytes.
const cachedWeight = 2048

export class SqliteChainStore implements ChainStore {
  readonly chainId: bigint
  /** Nodes and codes with their caches; all states of the chain share it. */
  readonly states: StateStore
  readonly meta: MetaTable
  readonly #database: DevnetDatabase
  readonly #finality: Finality
  readonly #blocks: BlockTable
  readonly #logs: LogTable
  readonly #state: StateTable
  readonly #dev: DevTable
  readonly #writer: TableWriter
  /** The newest blocks, which are not in the tables yet. */
  readonly #journal: BlockJournal
  readonly #historyStart: bigint
  readonly #blockCache = new BoundedCache<bigint, SealedBlock>({
    maxWeight: cachedWeight,
    weightOf: (block) => 1 + block.transactions.length,
  })
  readonly #receiptCache = new BoundedCache<bigint, readonly Receipt[]>({ maxWeight: cachedWeight, weightOf: (list) => 1 + list.length })
  #head: SealedBlock
  #headView: StateView
  #preState: PreState | undefined
  #inboxCount: bigint
  #wasEdited: boolean

  /** @throws ChainNotStoredError in a database without a chain */
  constructor({ database, finality }: { database: DevnetDatabase; finality: Finality }) {
    this.#database = database
    this.#finality = finality
    this.meta = new MetaTable(database)
    this.#writer = new TableWriter(database)
    insertLeft(database, this.#writer)
    this.#blocks = new BlockTable(database)
    this.#logs = new LogTable(database)
    this.#state = new StateTable(database, this.meta)
    this.#dev = new DevTable(database)
    this.#journal = new BlockJournal({ database, writer: this.#writer, state: this.#state })
    this.states = new StateStore({ maxNodeBytes: 24 * 2 ** 20 }, this)
    const chainId = this.meta.get('chainId')
    if (chainId === undefined) throw new ChainNotStoredError(database.path)
    const head = this.#storedHead()
    this.chainId = BigInt(chainId)
    this.#historyStart = BigInt(this.meta.get('historyStart') ?? 0)
    this.#head = head.block
    this.#inboxCount = head.inboxCountAfter
    this.#preState = this.#dev.preState(head.block.header.number + 1n)
    this.#wasEdited = this.#dev.hasPreStates()
    this.#headView = new TrieStateView(this.rootAfter(head.block.header.number), this.states)
  }

  head(): SealedBlock {
    return this.#head
  }

  inboxCount(): bigint {
    return this.#inboxCount
  }

  safe(): bigint {
    return this.#finality.safe()
  }

  finalized(): bigint {
    return this.#finality.finalized()
  }

  historyStart(): bigint {
    return this.#historyStart
  }

  blockByNumber(number: bigint): SealedBlock | undefined {
    if (number === this.#head.header.number) return this.#head
    if (number < 0n || number > this.#head.header.number) return undefined
    const known = this.#journal.blocks.get(number)?.block ?? this.#blockCache.get(number)
    if (known !== undefined) return known
    const block = this.#blocks.block(number)
    if (block !== undefined) this.#blockCache.set(number, block)
    return block
  }

  blockByHash(hash: Hex): SealedBlock | undefined {
    const known = hash === this.#head.hash ? this.#head : this.#journal.blocks.blockByHash(hash)
    if (known !== undefined) return known
    const number = this.#blocks.numberOfHash(hash)
    return number === undefined ? undefined : this.blockByNumber(number)
  }

  transaction(hash: Hex): SealedTransaction | undefined {
    const place = this.#placeOfTransaction(hash)
    return place === undefined ? undefined : this.blockByNumber(place.block)?.transactions[place.index]
  }

  receipt(hash: Hex): Receipt | undefined {
    const place = this.#placeOfTransaction(hash)
    return place === undefined ? undefined : this.receipts(place.block)[place.index]
  }

  receipts(blockNumber: bigint): readonly Receipt[] {
    const known = this.#journal.blocks.get(blockNumber)?.receipts ?? this.#receiptCache.get(blockNumber)
    if (known !== undefined) return known
    const block = this.blockByNumber(blockNumber)
    if (block === undefined) return []
    const receipts = joinReceipts({ block, heads: this.#blocks.receipts(blockNumber), logs: this.#logs.ofBlock(blockNumber) })
    this.#receiptCache.set(blockNumber, receipts)
    return receipts
  }

  logs(query: LogQuery): readonly Log[] {
    this.#journal.settle()
    return this.#logs.query(query).map((row) => {
      const block = this.blockByNumber(row.blockNumber)
      if (block === undefined) throw new TypeError(`a log of block ${row.blockNumber} is stored without its block`)
      return toLog(row, block)
    })
  }

  stateAt(blockNumber: bigint): StateView {
    if (blockNumber === this.#head.header.number) return this.#headView
    return new TrieStateView(this.rootAfter(blockNumber), this.states)
  }

  sealedStateAt(blockNumber: bigint): StateView {
    return new TrieStateView(this.#headerAt(blockNumber).stateRoot, this.states)
  }

  rootAfter(blockNumber: bigint): Hex {
    const edited = blockNumber === this.#head.header.number ? this.#preState?.root : this.#dev.preStateRoot(blockNumber + 1n)
    return edited ?? this.#headerAt(blockNumber).stateRoot
  }

  /** What dev methods changed since the head was sealed. */
  preState(): PreState | undefined {
    return this.#preState
  }

  /** Whether dev methods ever changed a state; otherwise nonces have never gone down. */
  get wasEdited(): boolean {
    return this.#wasEdited
  }

  preStateMark(): PreStateMark {
    return { preState: this.#preState, nodesEnd: this.#state.end }
  }

  devReasons(blockNumber: bigint): readonly DevReason[] {
    return this.#journal.blocks.get(blockNumber)?.devReasons ?? this.#dev.reasons(blockNumber)
  }

  changes(blockNumber: bigint): Uint8Array | undefined {
    return this.#journal.blocks.get(blockNumber)?.changes ?? this.#blocks.changes(blockNumber)
  }

  record(blockNumber: bigint): BlockRecord | undefined {
    const known = this.#journal.blocks.get(blockNumber)
    return known === undefined ? this.#blocks.record(blockNumber) : recordOf(known)
  }

  diffBytes(blockNumber: bigint): number | undefined {
    return this.#journal.blocks.get(blockNumber)?.diffBytes ?? this.#blocks.diffBytes(blockNumber)
  }

  inputBytes(blockNumber: bigint): number | undefined {
    return this.#journal.blocks.get(blockNumber)?.inputBytes ?? this.#blocks.inputBytes(blockNumber)
  }

  transactionCount(fromBlock: bigint, beforeBlock: bigint): number {
    this.#journal.settle()
    return this.#blocks.transactionCount(fromBlock, beforeBlock)
  }

  *records(fromBlock: bigint, toBlock: bigint): IterableIterator<BlockRecord> {
    for (let number = fromBlock; number <= toBlock; number++) {
      const record = this.record(number)
      if (record !== undefined) yield record
    }
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#state.node(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#journal.blocks.code(hash) ?? this.#state.code(hash)
  }

  /** Stores the next block and, where there is something to write with it, what `also` writes: all or nothing. */
  append(write: BlockWrite, also?: () => void): void {
    const { block } = write
    const placed = this.#state.place(write.state, block.header.number)
    const rows = blockRows(write, placed.rows)
    if (also === undefined && this.#journal.isOpen) {
      if (this.#journal.isFull) this.#journal.settle()
      this.#journal.append(write, rows)
      this.#state.confirm(placed)
      this.#journal.moveInRush()
    } else this.#insert(rows, placed, also)
    this.#blockCache.set(this.#head.header.number, this.#head)
    this.#receiptCache.set(block.header.number, write.receipts)
    this.#setHead(block, write.inboxCountAfter)
  }

  /** Has on disk what will be in the next block, before that is there; false where it cannot, and only the block will be. */
  accept(raw: Uint8Array): boolean {
    return this.#journal.accept(raw)
  }

  /** Resolves when the newest blocks are where batches and logs are read; the disk is synced then. */
  async moveToTables(): Promise<void> {
    await this.#journal.moveAll()
    this.#database.checkpoint()
  }

  /** No block is written any more. */
  async close(): Promise<void> {
    await this.#journal.close()
  }

  /** Stores a change of the state after the head, in place of the one before, and what `also` writes, all or nothing. */
  edit(preState: PreState, state: BlockWrite['state'], also: () => void): void {
    const { number } = this.#head.header
    this.#journal.settle()
    const placed = this.#state.place({ newNodes: state.newNodes, newCodes: [] }, number + 1n)
    this.#database.transaction(() => {
      // Codes are found by their hash, so one that is left over by a rewind to this block does no harm.
      this.#writer.insertState({ ...placed.rows, codes: codeInserts(state.newCodes, number) })
      this.#dev.setPreState(number + 1n, preState)
      also()
    })
    this.#state.confirm(placed)
    this.#preState = preState
    this.#wasEdited = true
    this.#headView = new TrieStateView(preState.root, this.states)
  }

  /**
   * Deletes every block above, with its state, and what dev methods changed after it, but for the mark's, from the database.
   * What is cached follows in one step with the commit.
   */
  deleteAbove(blockNumber: bigint, { preState, nodesEnd }: PreStateMark = { preState: undefined, nodesEnd: 0 }): void {
    this.#database.transaction(() => {
      this.#journal.settle()
      this.#blocks.deleteAbove(blockNumber)
      this.#logs.deleteAbove(blockNumber)
      this.#state.deleteAbove(blockNumber, preState === undefined ? 0 : nodesEnd)
      this.#dev.deleteAbove(blockNumber)
      if (preState !== undefined) this.#dev.setPreState(blockNumber + 1n, preState)
      this.meta.set('journalEpoch', String(this.#writer.epoch + 1))
      this.#database.afterCommit(() => this.#reload())
    })
  }

  /** @throws HeadStateUnreadableError */
  assertHeadReadable(): void {
    try {
      this.#headView.account('0x0000000000000000000000000000000000000000')
    } catch (cause) {
      throw new HeadStateUnreadableError({ path: this.#database.path, block: this.#head.header.number, cause })
    }
  }

  #placeOfTransaction(hash: Hex): ReturnType<BlockTable['placeOfTransaction']> {
    return this.#journal.blocks.placeOfTransaction(hash) ?? this.#blocks.placeOfTransaction(hash)
  }

  /** With the journal's blocks, which come before it, and what `also` writes. */
  #insert(rows: BlockRows, placed: PlacedState, also: (() => void) | undefined): void {
    const index = this.#state.indexDue(this.#state.end)
    this.#database.transaction(() => {
      this.#journal.settle()
      this.#writer.insertBlock(rows)
      if (index !== undefined) this.#writer.writeIndex(index)
      also?.()
    })
    this.#state.confirm(placed)
    this.#state.indexed(index?.below ?? 0)
  }

  #reload(): void {
    const { block, inboxCountAfter } = this.#storedHead()
    this.#journal.restart()
    this.#blockCache.clear()
    this.#receiptCache.clear()
    this.#state.reload()
    this.#setHead(block, inboxCountAfter, this.#dev.preState(block.header.number + 1n))
  }

  #storedHead(): BlockRecord {
    const headNumber = this.#blocks.headNumber()
    const head = headNumber === undefined ? undefined : this.#blocks.record(headNumber)
    if (head === undefined) throw new ChainNotStoredError(this.#database.path)
    return head
  }

  #setHead(block: SealedBlock, inboxCount: bigint, preState?: PreState): void {
    this.#head = block
    this.#inboxCount = inboxCount
    this.#preState = preState
    this.#headView = new TrieStateView(preState?.root ?? block.header.stateRoot, this.states)
  }

  #headerAt(blockNumber: bigint): BlockHeader {
    const header = this.blockByNumber(blockNumber)?.header
    if (header === undefined) throw new StateUnavailableError({ block: blockNumber, historyStart: this.#historyStart })
    return header
  }
}

function recordOf({ block, changes, touched, diffBytes, inputBytes, inboxCountAfter }: BlockWrite): BlockRecord {
  const rlp = encodeBlock({ ...block, transactions: block.transactions.map(({ raw }) => raw) })
  return { block, header: encodeHeader(block.header), rlp, changes, touched, diffBytes, inputBytes, inboxCountAfter }
}
