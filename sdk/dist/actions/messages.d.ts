import { type Address, type Hex } from 'viem';
import type { DevnetInfo } from '../rpc-schema.js';
import { type WaitOptions } from '../wait.js';
import { type L2Client } from './batches.js';
/** Merkle proof of an L2 to L1 message in its batch. */
export interface MessageProof {
    readonly batchNumber: bigint;
    /** Index of the leaf. */
    readonly id: bigint;
    readonly txNumberInBatch: number;
    readonly sender: Address;
    readonly message: Hex;
    readonly proof: readonly Hex[];
    readonly root: Hex;
}
/** An ETH deposit, by its place in the Inbox: it has no L2 transaction. */
export interface Deposit {
    readonly inboxIndex: bigint;
    readonly sender: Address;
    readonly to: Address;
    /** Wei. */
    readonly amount: bigint;
    readonly l1TxHash: Hex;
    readonly credited: boolean;
    readonly l2BlockNumber: bigint | null;
}
/** What the node says of itself: URLs, chain ids, contracts on L1. */
export declare function getDevnetInfo(client: L2Client): Promise<DevnetInfo>;
/** Proofs of the messages that a transaction sent to L1; null while its batch is open. */
export declare function getMessageProofs(client: L2Client, { hash }: {
    readonly hash: Hex;
}): Promise<readonly MessageProof[] | null>;
/** Null where the node has not seen the deposit yet. */
export declare function getDeposit(client: L2Client, { inboxIndex }: {
    readonly inboxIndex: bigint;
}): Promise<Deposit | null>;
/** Waits until an L2 block has credited the deposit. @throws WaitTimeoutError */
export declare function waitForDeposit(client: L2Client, { inboxIndex, ...options }: WaitOptions & {
    readonly inboxIndex: bigint;
}): Promise<Deposit>;
