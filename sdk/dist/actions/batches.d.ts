import { type Client, type Hex, type Transport } from 'viem';
import { type Batch, type BatchStatus } from '../batch.js';
import type { ZkdevnetRpcSchema } from '../rpc-schema.js';
import { type WaitOptions } from '../wait.js';
/** A client of an L2; any of viem's will do. */
export type L2Client = Client<Transport>;
type L2Request = Client<Transport, undefined, undefined, ZkdevnetRpcSchema>['request'];
/** The client's `request`, which knows nothing of our methods, with their types. */
export declare function requestOf(client: L2Client): L2Request;
/** A batch by number; null where it is not sealed yet. */
export declare function getBatch(client: L2Client, { number }: {
    readonly number: bigint;
}): Promise<Batch | null>;
/** Number of the newest batch with at least that status (`sealed` by default). */
export declare function getBatchNumber(client: L2Client, { status }?: {
    readonly status?: BatchStatus;
}): Promise<bigint>;
/**
 * The batch of a transaction; null while it is open.
 * @throws TransactionNotSealedError
 */
export declare function getBatchOfTransaction(client: L2Client, { hash }: {
    readonly hash: Hex;
}): Promise<Batch | null>;
/** The batch of a block; null while it is open, or the block not there. */
export declare function getBatchOfBlock(client: L2Client, { blockNumber }: {
    readonly blockNumber: bigint;
}): Promise<Batch | null>;
/** Closes the open batch now; null where it has no block. */
export declare function sealBatch(client: L2Client): Promise<bigint | null>;
/** What to wait for: a batch, or the batch of a transaction or of a block. */
export type BatchSelector = {
    readonly number: bigint;
    readonly hash?: undefined;
    readonly blockNumber?: undefined;
} | {
    readonly hash: Hex;
    readonly number?: undefined;
    readonly blockNumber?: undefined;
} | {
    readonly blockNumber: bigint;
    readonly number?: undefined;
    readonly hash?: undefined;
};
export type WaitForBatchParameters = BatchSelector & WaitOptions & {
    readonly status: BatchStatus;
};
/**
 * Waits until a batch is that far, and returns it.
 * @throws WaitTimeoutError, TransactionNotSealedError
 */
export declare function waitForBatch(client: L2Client, { status, ...parameters }: WaitForBatchParameters): Promise<Batch>;
export type WaitForFinalizedParameters = BatchSelector & WaitOptions;
/** Waits until L1 has executed the batch, and returns it. @throws as `waitForBatch` */
export declare function waitForFinalized(client: L2Client, parameters: WaitForFinalizedParameters): Promise<Batch>;
export {};
