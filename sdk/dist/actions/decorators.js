import { getBatch, getBatchNumber, getBatchOfBlock, getBatchOfTransaction, sealBatch, waitForBatch, waitForFinalized, } from './batches.js';
import { claimWithdrawal, depositEther, isWithdrawalClaimed, withdrawEther, } from './bridge.js';
import { getDeposit, getDevnetInfo, getMessageProofs, waitForDeposit } from './messages.js';
/**
 * For a client of the L2.
 * @example
 * const l2 = createPublicClient({ chain: defineZkdevnet(), transport: http() }).extend(zkdevnetActions())
 * await l2.waitForFinalized({ hash })
 */
export function zkdevnetActions() {
    return (client) => ({
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
    });
}
/** For a wallet client of the L2 that has an account. */
export function zkdevnetWalletActions() {
    return (client) => ({
        withdrawEther: (parameters) => withdrawEther(client, parameters),
    });
}
/** For any client of the L1. */
export function zkdevnetL1Actions() {
    return (client) => ({
        isWithdrawalClaimed: (parameters) => isWithdrawalClaimed(client, parameters),
    });
}
/** For a wallet client of the L1 that has an account. */
export function zkdevnetL1WalletActions() {
    return (client) => ({
        depositEther: (parameters) => depositEther(client, parameters),
        claimWithdrawal: (parameters) => claimWithdrawal(client, parameters),
    });
}
