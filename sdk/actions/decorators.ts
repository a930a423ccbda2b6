import type { Client, Hex, Transport } from 'viem'
import type { Batch, BatchStatus } from '../batch.ts'
import type { DevnetInfo } from '../rpc-schema.ts'
import type { WaitOptions } from '../wait.ts'
import {
  getBatch,
  getBatchNumber,
  getBatchOfBlock,
  getBatchOfTransaction,
  type L2Client,
  sealBatch,
  type WaitForBatchParameters,
  type WaitForFinalizedParameters,
  waitForBatch,
  waitForFinalized,
} from './batches.ts'
import {
  claimWithdrawal,
  type DepositEtherParameters,
  depositEther,
  isWithdrawalClaimed,
  type WalletWithAccount,
  type WithdrawalParameters,
  type WithdrawEtherParameters,
  withdrawEther,
} from './bridge.ts'
import { type Deposit, getDeposit, getDevnetInfo, getMessageProofs, type MessageProof, waitForDeposit } from './messages.ts'

// A type alias: viem's `extend` takes no interface.
export type ZkdevnetActions = {
  getDevnetInfo(): Promise<DevnetInfo>
  getBatch(parameters: { readonly number: bigint }): Promise<Batch | null>
  getBatchNumber(parameters?: { readonly status?: BatchStatus }): Promise<bigint>
  getBatchOfTransaction(parameters: { readonly hash: Hex }): Promise<Batch | null>
  getBatchOfBlock(parameters: { readonly blockNumber: bigint }): Promise<Batch | null>
  sealBatch(): Promise<bigint | null>
  waitForBatch(parameters: WaitForBatchParameters): Promise<Batch>
  waitForFinalized(parameters: WaitForFinalizedParameters): Promise<Batch>
  getMessageProofs(parameters: { readonly hash: Hex }): Promise<readonly MessageProof[] | null>
  getDeposit(parameters: { readonly inboxIndex: bigint }): Promise<Deposit | null>
  waitForDeposit(parameters: WaitOptions & { readonly inboxIndex: bigint }): Promise<Deposit>
}

/**
 * For a client of the L2.
 * @example
 * const l2 = createPublicClient({ chain: defineZkdevnet(), transport: http() }).extend(zkdevnetActions())
 * await l2.waitForFinalized({ hash })
 */
export function zkdevnetActions() {
  return (client: L2Client): ZkdevnetActions => ({
    getDevnetInfo: () => getDevnetInfo(client),
    getBatch: (parameters) => getBatch(client, parameters),
    getBatchNumber: (parameters) => getBatchNumber(client, parameters),
    getBatchOfTransaction: (parameters) => getBatchOfTransaction(client, parameters),
    getBatchOfBlock: (parameters) => getBatchOfBlock(client, parameters),
    sealBatch: () => sealBatch(client),
    waitForBatch: (parameters) => waitForBatch(client, parameters),
    waitForFinalized: (parameters) => waitForFinalized(client, parameters),
    getMessageProofs: (parameters) => getMessageProofs(client, parameters),
    getDeposit: (parameters) => getDeposit(client, parameters),
    waitForDeposit: (parameters) => waitForDeposit(client, parameters),
  })
}

export type ZkdevnetWalletActions = {
  withdrawEther(parameters: WithdrawEtherParameters): Promise<Hex>
}

/** For a wallet client of the L2 that has an account. */
export function zkdevnetWalletActions() {
  return (client: WalletWithAccount): ZkdevnetWalletActions => ({
    withdrawEther: (parameters) => withdrawEther(client, parameters),
  })
}

export type ZkdevnetL1Actions = {
  isWithdrawalClaimed(parameters: WithdrawalParameters): Promise<boolean>
}

/** For any client of the L1. */
export function zkdevnetL1Actions() {
  return (client: Client<Transport>): ZkdevnetL1Actions => ({
    isWithdrawalClaimed: (parameters) => isWithdrawalClaimed(client, parameters),
  })
}

export type ZkdevnetL1WalletActions = {
  depositEther(parameters: DepositEtherParameters): Promise<Hex>
  claimWithdrawal(parameters: WithdrawalParameters): Promise<Hex>
}

/** For a wallet client of the L1 that has an account. */
export function zkdevnetL1WalletActions() {
  return (client: WalletWithAccount): ZkdevnetL1WalletActions => ({
    depositEther: (parameters) => depositEther(client, parameters),
    claimWithdrawal: (parameters) => claimWithdrawal(client, parameters),
  })
}
