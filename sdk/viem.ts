// What needs viem only: fit for browsers.
export {
  type BatchSelector,
  getBatch,
  getBatchNumber,
  getBatchOfBlock,
  getBatchOfTransaction,
  sealBatch,
  type WaitForBatchParameters,
  type WaitForFinalizedParameters,
  waitForBatch,
  waitForFinalized,
} from './actions/batches.ts'
export {
  claimWithdrawal,
  type DepositEtherParameters,
  depositEther,
  inboxIndexOf,
  isWithdrawalClaimed,
  type WithdrawalParameters,
  type WithdrawEtherParameters,
  withdrawEther,
} from './actions/bridge.ts'
export {
  type ZkdevnetActions,
  type ZkdevnetL1Actions,
  type ZkdevnetL1WalletActions,
  type ZkdevnetWalletActions,
  zkdevnetActions,
  zkdevnetL1Actions,
  zkdevnetL1WalletActions,
  zkdevnetWalletActions,
} from './actions/decorators.ts'
export { type Deposit, getDeposit, getDevnetInfo, getMessageProofs, type MessageProof, waitForDeposit } from './actions/messages.ts'
export type { Batch, BatchStatus, DevReason, L1Step } from './batch.ts'
export {
  defineZkdevnet,
  defineZkdevnetL1,
  type ZkdevnetChainOptions,
  type ZkdevnetL1ChainOptions,
  zkdevnetDefaults,
} from './chain.ts'
export { baseTokenAbi, baseTokenAddress, bridgeAbi, messengerAbi, messengerAddress } from './contracts.ts'
export {
  DepositNotFoundError,
  MessageNotFoundError,
  TransactionNotSealedError,
  WaitTimeoutError,
  WithdrawalNotFinalError,
} from './errors.ts'
export type { DevnetContracts, DevnetInfo } from './rpc-schema.ts'
export type { WaitOptions } from './wait.ts'
export { type WalletNetwork, walletNetwork } from './wallet-network.ts'
