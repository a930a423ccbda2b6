import { BaseError } from 'viem';
/** The node has never seen the transaction, or it is still in the pool. */
export class TransactionNotSealedError extends BaseError {
    code = 'TRANSACTION_NOT_SEALED';
    constructor(hash) {
        super(`Transaction ${hash} is in no block.`, {
            name: 'TransactionNotSealedError',
            metaMessages: ['Wait for its receipt first: `await client.waitForTransactionReceipt({ hash })`.'],
        });
    }
}
/** Waiting took longer than the caller allowed. */
export class WaitTimeoutError extends BaseError {
    code = 'WAIT_TIMEOUT';
    constructor({ what, timeoutMs }) {
        super(`After ${timeoutMs} ms still not: ${what}.`, {
            name: 'WaitTimeoutError',
            metaMessages: ['`zkdevnet status` says what the devnet waits for.'],
        });
    }
}
/** A withdrawal cannot be claimed before L1 has executed its batch. */
export class WithdrawalNotFinalError extends BaseError {
    code = 'WITHDRAWAL_NOT_FINAL';
    constructor({ hash, status }) {
        super(`The withdrawal of transaction ${hash} is not final: its batch is ${status}.`, {
            name: 'WithdrawalNotFinalError',
            metaMessages: ['Wait first: `await client.waitForFinalized({ hash })`.'],
        });
    }
}
/** The transaction sent fewer messages to L1 than asked for. */
export class MessageNotFoundError extends BaseError {
    code = 'MESSAGE_NOT_FOUND';
    constructor({ hash, index, count }) {
        super(`Transaction ${hash} has no message ${index}: it sent ${count} to L1.`, { name: 'MessageNotFoundError' });
    }
}
/** The L1 transaction did not put a deposit into the Inbox. */
export class DepositNotFoundError extends BaseError {
    code = 'DEPOSIT_NOT_FOUND';
    constructor(hash) {
        super(`L1 transaction ${hash} deposited nothing.`, { name: 'DepositNotFoundError' });
    }
}
