import { type Account, type Address, type Chain, type Client, type Hex, type TransactionReceipt, type Transport } from 'viem';
import { type L2Client } from './batches.js';
/** A wallet client with an account of its own. */
export type WalletWithAccount = Client<Transport, Chain | undefined, Account>;
export interface DepositEtherParameters {
    /** Client of the L2, which knows where the Bridge is. */
    readonly client: L2Client;
    /** Wei, a whole number of Gwei. */
    readonly amount: bigint;
    /** Receiver on L2; the sender by default. */
    readonly to?: Address | undefined;
}
/** Sends ether from L1 to L2. `inboxIndexOf` the receipt is what to wait for. Returns the hash of the L1 transaction. */
export declare function depositEther(l1: WalletWithAccount, { client, amount, to }: DepositEtherParameters): Promise<Hex>;
/** Inbox index of the (first) deposit that an L1 transaction made. @throws DepositNotFoundError */
export declare function inboxIndexOf(receipt: Pick<TransactionReceipt, 'logs' | 'transactionHash'>): bigint;
export interface WithdrawEtherParameters {
    /** Wei. */
    readonly amount: bigint;
    /** Receiver on L1; the sender by default. */
    readonly to?: Address | undefined;
}
/** Sends ether from L2 to L1, where it can be claimed when its batch is executed. Returns the hash of the L2 transaction. */
export declare function withdrawEther(l2: WalletWithAccount, { amount, to }: WithdrawEtherParameters): Promise<Hex>;
export interface WithdrawalParameters {
    /** Client of the L2. */
    readonly client: L2Client;
    /** Of the L2 transaction. */
    readonly hash: Hex;
    /** Which of its messages, where it sent several; 0 by default. */
    readonly index?: number | undefined;
}
/**
 * Claims a withdrawal on L1. Anybody may; the receiver that the withdrawal names is paid. Returns the hash of the L1 transaction.
 * @throws WithdrawalNotFinalError, MessageNotFoundError, TransactionNotSealedError
 */
export declare function claimWithdrawal(l1: WalletWithAccount, { client, hash, index }: WithdrawalParameters): Promise<Hex>;
/** Whether a withdrawal was claimed. @throws MessageNotFoundError, TransactionNotSealedError */
export declare function isWithdrawalClaimed(l1: Client<Transport>, { client, hash, index }: WithdrawalParameters): Promise<boolean>;
