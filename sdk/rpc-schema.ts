import type { Address, Hex } from 'viem'
import type { BatchJson, BatchStatus } from './batch.ts'

export interface DevnetContracts {
  readonly rollup: Address
  readonly inbox: Address
  readonly bridge: Address
  readonly verifier: Address
}

/** `zkdevnet_nodeInfo`. */
export interface DevnetInfo {
  readonly version: string
  readonly l1ChainId: Hex
  readonly l2ChainId: Hex
  readonly l1Url: string
  readonly l2Url: string
  /** On L1. */
  readonly contracts: DevnetContracts
  readonly proofType: string
  readonly programId: Hex
  readonly dataDir: string
}

export interface MessageProofJson {
  readonly batchNumber: Hex
  readonly id: Hex
  readonly txNumberInBatch: Hex
  readonly sender: Address
  readonly message: Hex
  readonly proof: readonly Hex[]
  readonly root: Hex
}

export interface DepositJson {
  readonly inboxIndex: Hex
  readonly sender: Address
  readonly to: Address
  readonly amountGwei: Hex
  readonly l1TxHash: Hex
  readonly credited: boolean
  readonly l2BlockNumber: Hex | null
}

/** The part of docs/rpc.md that the actions call. */
export type ZkdevnetRpcSchema = [
  { Method: 'zkdevnet_nodeInfo'; Parameters?: undefined; ReturnType: DevnetInfo },
  { Method: 'zkdevnet_batchNumber'; Parameters: [BatchStatus]; ReturnType: Hex },
  { Method: 'zkdevnet_getBatch'; Parameters: [Hex]; ReturnType: BatchJson | null },
  { Method: 'zkdevnet_sealBatch'; Parameters?: undefined; ReturnType: Hex | null },
  { Method: 'zkdevnet_getMessageProofs'; Parameters: [Hex]; ReturnType: readonly MessageProofJson[] | null },
  { Method: 'zkdevnet_getDeposit'; Parameters: [Hex]; ReturnType: DepositJson | null },
  {
    Method: 'eth_getTransactionReceipt'
    Parameters: [Hex]
    ReturnType: { readonly blockNumber: Hex; readonly l1BatchNumber: Hex | null } | null
  },
  { Method: 'eth_getBlockByNumber'; Parameters: [Hex, false]; ReturnType: { readonly l1BatchNumber: Hex | null } | null },
]
