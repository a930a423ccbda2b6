import { BaseError, type Hex } from 'viem';
import type { BatchStatus } from './batch.js';
/** The node has never seen the transaction, or it is still in the pool. */
export declare class TransactionNotSealedError extends BaseError {
    readonly code = "TRANSACTION_NOT_SEALED";
    constructor(hash: Hex);
}
/** Waiting took longer than the caller allowed. */
export declare class WaitTimeoutError extends BaseError {
    readonly code = "WAIT_TIMEOUT";
    constructor({ what, timeoutMs }: {
        readonly what: string;
        readonly timeoutMs: number;
    });
}
/** A withdrawal cannot be claimed before L1 has executed its batch. */
export declare class WithdrawalNotFinalError extends BaseError {
    readonly code = "WITHDRAWAL_NOT_FINAL";
    constructor({ hash, status }: {
        readonly hash: Hex;
        readonly status: BatchStatus | 'open';
    });
}
/** The transaction sent fewer messages to L1 than asked for. */
export declare class MessageNotFoundError extends BaseError {
    readonly code = "MESSAGE_NOT_FOUND";
    constructor({ hash, index, count }: {
        readonly hash: Hex;
        readonly index: number;
        readonly count: number;
    });
}
/** The L1 transaction did not put a deposit into the Inbox. */
export declare class DepositNotFoundError extends BaseError {
    readonly code = "DEPOSIT_NOT_FOUND";
    constructor(hash: Hex);
}
