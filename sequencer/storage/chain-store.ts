import type { ChainReader, Hex, Receipt, SealedBlock, StateReader } from '../../core/index.ts'

/** What `safe` and `finalized` mean now; the batches know. */
export interface Finality {
  safe(): bigint
  finalized(): bigint
}

/** What a batch needs of one block. */
export interface BlockRecord {
  readonly block: SealedBlock
  /** RLP of the header. */
  readonly header: Uint8Array
  /** RLP of the whole block. */
  readonly body: Uint8Array
  /** stf's encoding of what the block changed (`decodeChanges`). */
  readonly changes: Uint8Array
  /** stf's encoding of what the block read (`decodeTouched`). */
  readonly touched: Uint8Array
  /** Upper bound of the bytes that the block adds to a state diff. */
  readonly diffBytes: number
  /** Inbox leaves consumed up to and including this block. */
  readonly inboxCountAfter: bigint
}

/** The sealed chain in SQLite, for the parts of the sequencer. Everything here is synchronous. */
export interface ChainStore extends ChainReader, StateReader {
  record(blockNumber: bigint): BlockRecord | undefined
  /** Ascending, both ends included; what is not there is left out. */
  records(fromBlock: bigint, toBlock: bigint): IterableIterator<BlockRecord>
  /** RLP of a trie node by its hash. */
  node(hash: Hex): Uint8Array | undefined
  /** Code by its hash. */
  codeByHash(hash: Hex): Uint8Array | undefined
  /** Called inside of the transaction that stores a block, before it commits: for rows that must be there exactly when the block is. */
  onStore(listener: (record: BlockRecord, receipts: readonly Receipt[]) => void): void
}
