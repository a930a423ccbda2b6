import type { Log, Receipt, SealedBlock, SealedTransaction } from '../chain/block.ts'
import type { AccountProof, AccountState } from '../chain/state.ts'
import type { Hex } from '../hex.ts'

/** Each inner list is an OR; null matches anything (eth_getLogs). */
export type TopicFilter = readonly (readonly Hex[] | null)[]

export interface LogQuery {
  readonly fromBlock: bigint
  readonly toBlock: bigint
  /** Empty = any address. */
  readonly addresses: readonly Hex[]
  readonly topics: TopicFilter
  /** Throws `TooManyLogsError` past this many. */
  readonly limit: number
}

/** The sealed L2 chain. Reads are synchronous: they come from memory or SQLite. */
export interface ChainReader {
  readonly chainId: bigint
  /** Newest sealed block (`latest`). */
  head(): SealedBlock
  /** Newest block in a committed batch (`safe`). */
  safe(): bigint
  /** Newest block in an executed batch (`finalized`). */
  finalized(): bigint
  /** First block whose body and state this node has: 0, or the block from which it was recovered. */
  historyStart(): bigint
  blockByNumber(number: bigint): SealedBlock | undefined
  blockByHash(hash: Hex): SealedBlock | undefined
  transaction(hash: Hex): SealedTransaction | undefined
  receipt(hash: Hex): Receipt | undefined
  /** Receipts of a block in order; empty for an unknown block. */
  receipts(blockNumber: bigint): readonly Receipt[]
  logs(query: LogQuery): readonly Log[]
}

/** L2 state after one block. An account that does not exist reads as zeros. */
export interface StateView {
  account(address: Hex): AccountState
  code(address: Hex): Uint8Array
  storage(address: Hex, slot: bigint): bigint
  /** EIP-1186. */
  proof(address: Hex, slots: readonly bigint[]): AccountProof
}

export interface StateReader {
  /** What the block after this one starts from: with what the dev methods changed in between. Throws `StateUnavailableError` before `historyStart`. */
  stateAt(blockNumber: bigint): StateView
  /** The state whose root the block's header has, without later changes by dev methods. Throws as `stateAt`. */
  sealedStateAt(blockNumber: bigint): StateView
}
