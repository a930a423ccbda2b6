import type { Hex } from '../hex.ts'

/** Header of an L2 block: Ethereum's, Osaka. Hashes and addresses are lower-case hex. */
export interface BlockHeader {
  readonly parentHash: Hex
  readonly ommersHash: Hex
  readonly coinbase: Hex
  readonly stateRoot: Hex
  readonly transactionsRoot: Hex
  readonly receiptsRoot: Hex
  readonly logsBloom: Hex
  readonly difficulty: bigint
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly timestamp: bigint
  readonly extraData: Hex
  /** prevRandao. */
  readonly mixHash: Hex
  readonly nonce: Hex
  readonly baseFeePerGas: bigint
  readonly withdrawalsRoot: Hex
  readonly blobGasUsed: bigint
  readonly excessBlobGas: bigint
  /** The Inbox root after what this block consumed (docs/formats.md §3). */
  readonly parentBeaconBlockRoot: Hex
  readonly requestsHash: Hex
}

/** EIP-4895 withdrawal; on this chain an ETH deposit from L1, with its Inbox index. */
export interface Withdrawal {
  readonly index: bigint
  readonly validatorIndex: bigint
  readonly address: Hex
  readonly amountGwei: bigint
}

/** A transaction with its place in the chain. `raw` is the EIP-2718 encoding as the sender signed it. */
export interface SealedTransaction {
  readonly hash: Hex
  readonly raw: Uint8Array
  readonly sender: Hex
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly index: number
}

export interface SealedBlock {
  readonly hash: Hex
  readonly header: BlockHeader
  readonly transactions: readonly SealedTransaction[]
  readonly withdrawals: readonly Withdrawal[]
  /** Bytes of the RLP of the whole block. */
  readonly size: number
}

export interface Log {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly blockTimestamp: bigint
  readonly transactionHash: Hex
  readonly transactionIndex: number
  /** Position in the block. */
  readonly logIndex: number
}

export interface Receipt {
  readonly transactionHash: Hex
  readonly transactionIndex: number
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly type: number
  readonly from: Hex
  readonly to: Hex | null
  readonly contractAddress: Hex | null
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly cumulativeGasUsed: bigint
  readonly effectiveGasPrice: bigint
  readonly logs: readonly Log[]
  readonly logsBloom: Hex
}
