import { BaseError } from 'viem';
/** The devnet ended, or took too long, before it was ready; what it said last is in the message. */
export class DevnetNotReadyError extends BaseError {
    code = 'DEVNET_NOT_READY';
    constructor({ reason, lastLines }) {
        super(`The devnet is not ready: ${reason}.`, { name: 'DevnetNotReadyError', metaMessages: [...lastLines] });
    }
}
