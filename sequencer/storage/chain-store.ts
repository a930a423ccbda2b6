import type { ChainReader, DevReason, Hex, Receipt, SealedBlock, StateReader } from '../../core/index.ts'
import type { CodeReader, NodeReader } from '../../stf/index.ts'

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
  readonly rlp: Uint8Array
  /** stf's encoding of what the block changed, with what dev methods changed before it. */
  readonly changes: Uint8Array
  /** stf's encoding of what the block read or changed. */
  readonly touched: Uint8Array
  /** Upper bound of the bytes that the block, with what dev methods changed before it, adds to a state diff. */
  readonly diffBytes: number
  /** Upper bound of the bytes that the block takes in a prover input: itself, and the nodes and codes that its execution needs. */
  readonly inputBytes: number
  /** Inbox leaves consumed up to and including this block. */
  readonly inboxCountAfter: bigint
}

/** What a batch is made of. */
export interface BatchSource extends NodeReader, CodeReader {
  readonly chainId: bigint
  record(blockNumber: bigint): BlockRecord | undefined
  receipts(blockNumber: bigint): readonly Receipt[]
  /** Why the guest would not accept the block; empty where it would. */
  devReasons(blockNumber: bigint): readonly DevReason[]
}

/** The sealed chain in SQLite, for the parts of the sequencer. Everything here is synchronous. */
export interface ChainStore extends ChainReader, StateReader, BatchSource {
  /** Upper bound of the bytes that the block adds to a state diff. */
  diffBytes(blockNumber: bigint): number | undefined
  /** Upper bound of the bytes that the block takes in a prover input. */
  inputBytes(blockNumber: bigint): number | undefined
  /** Transactions in the blocks from one up to, and without, another. */
  transactionCount(fromBlock: bigint, beforeBlock: bigint): number
  /** Ascending, both ends included; read one by one, what is not there is left out. */
  records(fromBlock: bigint, toBlock: bigint): IterableIterator<BlockRecord>
  /** Root of the state that the block after this one starts from: the header's, unless dev methods changed something in between. */
  rootAfter(blockNumber: bigint): Hex
  /** stf's encoding of what a block changed; cheaper than its record. */
  changes(blockNumber: bigint): Uint8Array | undefined
  /** Inbox leaves consumed up to and including the head. */
  inboxCount(): bigint
  /**
   * Resolves when the newest blocks are where logs and transactions are counted and searched, and nothing is left to do. Whoever does that without
   * having called it does all of it at once.
   */
  moveToTables(): Promise<void>
}
