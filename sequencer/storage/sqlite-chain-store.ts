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
import { type StateCommit, StateStore } from '../../stf/index.ts'
import { BlockTable, type ReceiptHead } from './block-table.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { BlockRecord, ChainStore, Finality } from './chain-store.ts'
import { DevTable, type PreState } from './dev-table.ts'
import { ChainNotStoredError, HeadStateUnreadableError } from './errors.ts'
import { type LogRow, LogTable } from './log-table.ts'
import { MetaTable } from './meta-table.ts'
import { type StateInsert, StateTable } from './state-table.ts'
import { TrieStateView } from './state-view.ts'

/** A block as it is written. */
export interface BlockWrite extends Omit<BlockRecord, 'header' | 'rlp'> {
  readonly receipts: readonly Receipt[]
  readonly state: Pick<StateCommit, 'newNodes' | 'newCodes'>
  readonly devReasons: readonly DevReason[]
}

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
  readonly #historyStart: bigint
  readonly #blockCache = new BoundedCache<bigint, SealedBlock>({
    maxWeight: cachedWeight,
    weightOf: (block) => 1 + block.transactions.length,
  })
  readonly #receiptCache = new BoundedCache<bigint, readonly Receipt[]>({ maxWeight: cachedWeight, weightOf: (list) => 1 + list.length })
  /** What batches are gathered by, of blocks that were just sealed. */
  readonly #loadCache = new BoundedCache<bigint, Pick<BlockWrite, 'diffBytes' | 'devReasons'>>({
    maxWeight: cachedWeight,
    weightOf: ({ devReasons }) => 1 + devReasons.length,
  })
  #head: SealedBlock
  #headView: StateView
  #preState: PreState | undefined
  #inboxCount: bigint

  /** @throws ChainNotStoredError in a database without a chain */
  constructor({ database, finality }: { database: DevnetDatabase; finality: Finality }) {
    this.#database = database
    this.#finality = finality
    this.meta = new MetaTable(database)
    this.#blocks = new BlockTable(database)
    this.#logs = new LogTable(database)
    this.#state = new StateTable(database, this.meta)
    this.#dev = new DevTable(database)
    this.states = new StateStore({ maxNodeBytes: 24 * 2 ** 20 }, this.#state)
    const chainId = this.meta.get('chainId')
    if (chainId === undefined) throw new ChainNotStoredError(database.path)
    const head = this.#storedHead()
    this.chainId = BigInt(chainId)
    this.#historyStart = BigInt(this.meta.get('historyStart') ?? 0)
    this.#head = head.block
    this.#inboxCount = head.inboxCountAfter
    this.#preState = this.#dev.preState(head.block.header.number + 1n)
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
    const known = this.#blockCache.get(number)
    if (known !== undefined) return known
    const block = this.#blocks.block(number)
    if (block !== undefined) this.#blockCache.set(number, block)
    return block
  }

  blockByHash(hash: Hex): SealedBlock | undefined {
    if (hash === this.#head.hash) return this.#head
    const number = this.#blocks.numberOfHash(hash)
    return number === undefined ? undefined : this.blockByNumber(number)
  }

  transaction(hash: Hex): SealedTransaction | undefined {
    const place = this.#blocks.placeOfTransaction(hash)
    return place === undefined ? undefined : this.blockByNumber(place.block)?.transactions[place.index]
  }

  receipt(hash: Hex): Receipt | undefined {
    const place = this.#blocks.placeOfTransaction(hash)
    return place === undefined ? undefined : this.receipts(place.block)[place.index]
  }

  receipts(blockNumber: bigint): readonly Receipt[] {
    const known = this.#receiptCache.get(blockNumber)
    if (known !== undefined) return known
    const block = this.blockByNumber(blockNumber)
    if (block === undefined) return []
    const receipts = joinReceipts({ block, heads: this.#blocks.receipts(blockNumber), logs: this.#logs.ofBlock(blockNumber) })
    this.#receiptCache.set(blockNumber, receipts)
    return receipts
  }

  logs(query: LogQuery): readonly Log[] {
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

  preStateMark(): PreStateMark {
    return { preState: this.#preState, nodesEnd: this.#state.end }
  }

  devReasons(blockNumber: bigint): readonly DevReason[] {
    return this.#loadCache.get(blockNumber)?.devReasons ?? this.#dev.reasons(blockNumber)
  }

  changes(blockNumber: bigint): Uint8Array | undefined {
    return this.#blocks.changes(blockNumber)
  }

  record(blockNumber: bigint): BlockRecord | undefined {
    return this.#blocks.record(blockNumber)
  }

  diffBytes(blockNumber: bigint): number | undefined {
    return this.#loadCache.get(blockNumber)?.diffBytes ?? this.#blocks.diffBytes(blockNumber)
  }

  inputBytes(blockNumber: bigint): number | undefined {
    return this.#blocks.inputBytes(blockNumber)
  }

  transactionCount(fromBlock: bigint, beforeBlock: bigint): number {
    return this.#blocks.transactionCount(fromBlock, beforeBlock)
  }

  *records(fromBlock: bigint, toBlock: bigint): IterableIterator<BlockRecord> {
    for (let number = fromBlock; number <= toBlock; number++) {
      const record = this.#blocks.record(number)
      if (record !== undefined) yield record
    }
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#state.node(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#state.code(hash)
  }

  /** Stores the next block and what `also` writes, all or nothing. */
  append(write: BlockWrite, also: () => void): void {
    const { block, receipts, diffBytes, devReasons } = write
    const inserted = this.#database.transaction(() => {
      const state = insertBlock(write, { blocks: this.#blocks, logs: this.#logs, state: this.#state, dev: this.#dev })
      also()
      return state
    })
    this.#state.confirm(inserted)
    this.#blockCache.set(this.#head.header.number, this.#head)
    this.#receiptCache.set(block.header.number, receipts)
    this.#loadCache.set(block.header.number, { diffBytes, devReasons })
    this.#setHead(block, write.inboxCountAfter)
  }

  /** Stores a change of the state after the head, in place of the one before, and what `also` writes, all or nothing. */
  edit(preState: PreState, state: BlockWrite['state'], also: () => void): void {
    const { number } = this.#head.header
    const inserted = this.#database.transaction(() => {
      // Codes are found by their hash, so one that is left over by a rewind to this block does no harm.
      const stored = this.#state.insert({ newNodes: state.newNodes, newCodes: [] }, number + 1n)
      this.#state.insertCodes(state.newCodes, number)
      this.#dev.setPreState(number + 1n, preState)
      also()
      return stored
    })
    this.#state.confirm(inserted)
    this.#preState = preState
    this.#headView = new TrieStateView(preState.root, this.states)
  }

  /**
   * Deletes every block above, with its state, and what dev methods changed after it, but for the mark's, from the database.
   * What is cached follows in one step with the commit.
   */
  deleteAbove(blockNumber: bigint, { preState, nodesEnd }: PreStateMark = { preState: undefined, nodesEnd: 0 }): void {
    this.#database.transaction(() => {
      this.#blocks.deleteAbove(blockNumber)
      this.#logs.deleteAbove(blockNumber)
      this.#state.deleteAbove(blockNumber, preState === undefined ? 0 : nodesEnd)
      this.#dev.deleteAbove(blockNumber)
      if (preState !== undefined) this.#dev.setPreState(blockNumber + 1n, preState)
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

  #reload(): void {
    const { block, inboxCountAfter } = this.#storedHead()
    this.#blockCache.clear()
    this.#receiptCache.clear()
    this.#loadCache.clear()
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

/** Writes one block's rows. The caller holds the transaction, and confirms what this returns once it is committed. */
export function insertBlock(
  { receipts, state, devReasons, ...record }: BlockWrite,
  tables: { readonly blocks: BlockTable; readonly logs: LogTable; readonly state: StateTable; readonly dev: DevTable },
): StateInsert {
  tables.blocks.insert(record, receipts)
  for (const receipt of receipts) for (const log of receipt.logs) tables.logs.insert(log)
  tables.dev.insertReasons(devReasons)
  return tables.state.insert(state, record.block.header.number)
}

function toLog(row: LogRow, block: SealedBlock): Log {
  const transaction = block.transactions[row.transactionIndex]
  if (transaction === undefined) throw new TypeError(`a log of block ${row.blockNumber} names a transaction that is not there`)
  return {
    ...row,
    blockHash: block.hash,
    blockTimestamp: block.header.timestamp,
    transactionHash: transaction.hash,
  }
}

interface ReceiptParts {
  readonly block: SealedBlock
  readonly heads: readonly ReceiptHead[]
  readonly logs: readonly LogRow[]
}

function joinReceipts({ block, heads, logs }: ReceiptParts): Receipt[] {
  let next = 0
  return heads.map(({ logCount, ...head }) => {
    const first = next
    next += logCount
    return {
      ...head,
      blockHash: block.hash,
      blockNumber: block.header.number,
      logs: logs.slice(first, next).map((row) => toLog(row, block)),
    }
  })
}
