import type { Client, Hex, Transport } from 'viem';
import type { Batch, BatchStatus } from '../batch.js';
import type { DevnetInfo } from '../rpc-schema.js';
import type { WaitOptions } from '../wait.js';
import { type L2Client, type WaitForBatchParameters, type WaitForFinalizedParameters } from './batches.js';
import { type DepositEtherParameters, type WalletWithAccount, type WithdrawalParameters, type WithdrawEtherParameters } from './bridge.js';
import { type Deposit, type MessageProof } from './messages.js';
export type ZkdevnetActions = {
    getDevnetInfo(): Promise<DevnetInfo>;
    getBatch(parameters: {
        readonly number: bigint;
    }): Promise<Batch | null>;
    getBatchNumber(parameters?: {
        readonly status?: BatchStatus;
    }): Promise<bigint>;
    getBatchOfTransaction(parameters: {
        readonly hash: Hex;
    }): Promise<Batch | null>;
    getBatchOfBlock(parameters: {
        readonly blockNumber: bigint;
    }): Promise<Batch | null>;
    sealBatch(): Promise<bigint | null>;
    waitForBatch(parameters: WaitForBatchParameters): Promise<Batch>;
    waitForFinalized(parameters: WaitForFinalizedParameters): Promise<Batch>;
    getMessageProofs(parameters: {
        readonly hash: Hex;
    }): Promise<readonly MessageProof[] | null>;
    getDeposit(parameters: {
        readonly inboxIndex: bigint;
    }): Promise<Deposit | null>;
    waitForDeposit(parameters: WaitOptions & {
        readonly inboxIndex: bigint;
    }): Promise<Deposit>;
};
/**
 * For a client of the L2.
 * @example
 * const l2 = createPublicClient({ chain: defineZkdevnet(), transport: http() }).extend(zkdevnetActions())
 * await l2.waitForFinalized({ hash })
 */
export declare function zkdevnetActions(): (client: L2Client) => ZkdevnetActions;
export type ZkdevnetWalletActions = {
    withdrawEther(parameters: WithdrawEtherParameters): Promise<Hex>;
};
/** For a wallet client of the L2 that has an account. */
export declare function zkdevnetWalletActions(): (client: WalletWithAccount) => ZkdevnetWalletActions;
export type ZkdevnetL1Actions = {
    isWithdrawalClaimed(parameters: WithdrawalParameters): Promise<boolean>;
};
/** For any client of the L1. */
export declare function zkdevnetL1Actions(): (client: Client<Transport>) => ZkdevnetL1Actions;
export type ZkdevnetL1WalletActions = {
    depositEther(parameters: DepositEtherParameters): Promise<Hex>;
    claimWithdrawal(parameters: WithdrawalParameters): Promise<Hex>;
};
/** For a wallet client of the L1 that has an account. */
export declare function zkdevnetL1WalletActions(): (client: WalletWithAccount) => ZkdevnetL1WalletActions;
