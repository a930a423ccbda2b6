import {
  type Batch,
  type BatchPosition,
  type BatchReader,
  type BatchStatus,
  type Deposit,
  decodeDepositPayload,
  type GuestCycles,
  type Hex,
  type MessageProof,
  messageLeaf,
  messageProof,
  type OpenBatch,
  type TransactionCycles,
} from '../../core/index.ts'
import type { StoredInboxItem } from '../inbox/inbox-store.ts'
import type { ChainStore, Finality } from '../storage/chain-store.ts'
import type { BatchStore } from './batch-store.ts'

export interface StoredBatchReaderDeps {
  readonly store: BatchStore
  readonly chain: ChainStore
  readonly inbox: { item(index: bigint): StoredInboxItem | undefined }
  readonly open: () => OpenBatch
  readonly dryRuns: Pick<BatchReader, 'batchCycles' | 'transactionCycles'>
}

/** The batches as the rest of the node sees them. */
export class StoredBatchReader implements BatchReader {
  readonly #deps: StoredBatchReaderDeps

  constructor(deps: StoredBatchReaderDeps) {
    this.#deps = deps
  }

  latest(status: BatchStatus = 'sealed'): bigint {
    const { store } = this.#deps
    if (status === 'sealed') return store.latest() ?? 0n
    const { lastCommitted, lastProven, lastExecuted } = store.progress()
    return { committed: lastCommitted, proven: lastProven, executed: lastExecuted }[status]
  }

  batch(number: bigint): Batch | undefined {
    return this.#deps.store.batch(number)
  }

  batches(from: bigint, limit: number): readonly Batch[] {
    return this.#deps.store.batches(from, limit)
  }

  batchOfBlock(blockNumber: bigint): bigint | undefined {
    return this.#deps.store.batchOfBlock(blockNumber)
  }

  position(blockNumber: bigint): BatchPosition | undefined {
    const { store, chain } = this.#deps
    const span = store.spanOfBlock(blockNumber)
    if (span === undefined) return undefined
    const { number, firstBlock, lastTimestamp } = span
    return { batchNumber: number, lastTimestamp, transactionsBefore: chain.transactionCount(firstBlock, blockNumber) }
  }

  open(): OpenBatch {
    return this.#deps.open()
  }

  stateDiff(number: bigint): Uint8Array | undefined {
    return this.#deps.store.stateDiff(number)
  }

  messageProofs(transactionHash: Hex): readonly MessageProof[] | null {
    const { store, chain } = this.#deps
    const block = chain.transaction(transactionHash)?.blockNumber
    const batchNumber = block === undefined ? undefined : store.batchOfBlock(block)
    const root = batchNumber === undefined ? undefined : store.batch(batchNumber)?.messagesRoot
    if (batchNumber === undefined || root === undefined) return null
    const messages = store.messages(batchNumber)
    const leaves = messages.map(messageLeaf)
    return messages.flatMap(({ transactionHash: sentBy, ...message }, id) =>
      sentBy === transactionHash ? [{ batchNumber, id, ...message, proof: messageProof(leaves, id), root }] : [],
    )
  }

  batchCycles(number: bigint): GuestCycles | undefined {
    return this.#deps.dryRuns.batchCycles(number)
  }

  transactionCycles(transactionHash: Hex): TransactionCycles | undefined {
    return this.#deps.dryRuns.transactionCycles(transactionHash)
  }

  deposit(inboxIndex: bigint): Deposit | undefined {
    const { inbox, chain } = this.#deps
    const item = inbox.item(inboxIndex)
    if (item === undefined) return undefined
    return {
      inboxIndex,
      sender: item.sender,
      ...decodeDepositPayload(item.payload),
      l1TxHash: item.l1TxHash,
      credited: chain.inboxCount() > inboxIndex,
      l2BlockNumber: this.#blockOfItem(inboxIndex),
    }
  }

  /** The count never decreases from block to block, so halving finds the first one that is past the item. */
  #blockOfItem(index: bigint): bigint | null {
    const { chain } = this.#deps
    const consumedAt = (block: bigint): bigint => chain.record(block)?.inboxCountAfter ?? 0n
    let before = chain.historyStart()
    let credited = chain.head().header.number
    if (consumedAt(before) > index || consumedAt(credited) <= index) return null
    while (credited - before > 1n) {
      const middle = (before + credited) / 2n
      if (consumedAt(middle) > index) credited = middle
      else before = middle
    }
    return credited
  }
}

/** `safe` and `finalized` as the contract's progress makes them. */
export function batchFinality(store: BatchStore): Finality {
  const lastBlock = (batch: bigint): bigint => store.batch(batch)?.lastBlockNumber ?? 0n
  return { safe: () => lastBlock(store.progress().lastCommitted), finalized: () => lastBlock(store.progress().lastExecuted) }
}
