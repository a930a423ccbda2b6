// What needs viem only: fit for browsers.
export { getBatch, getBatchNumber, getBatchOfBlock, getBatchOfTransaction, sealBatch, waitForBatch, waitForFinalized, } from './actions/batches.js';
export { claimWithdrawal, depositEther, inboxIndexOf, isWithdrawalClaimed, withdrawEther, } from './actions/bridge.js';
export { zkdevnetActions, zkdevnetL1Actions, zkdevnetL1WalletActions, zkdevnetWalletActions, } from './actions/decorators.js';
export { getDeposit, getDevnetInfo, getMessageProofs, waitForDeposit } from './actions/messages.js';
export { defineZkdevnet, defineZkdevnetL1, zkdevnetDefaults, } from './chain.js';
export { baseTokenAbi, baseTokenAddress, bridgeAbi, messengerAbi, messengerAddress } from './contracts.js';
export { DepositNotFoundError, MessageNotFoundError, TransactionNotSealedError, WaitTimeoutError, WithdrawalNotFinalError, } from './errors.js';
export { walletNetwork } from './wallet-network.js';
