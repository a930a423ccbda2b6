import { BaseError } from 'viem';
/** The devnet ended, or took too long, before it was ready; what it said last is in the message. */
export declare class DevnetNotReadyError extends BaseError {
    readonly code = "DEVNET_NOT_READY";
    constructor({ reason, lastLines }: {
        readonly reason: string;
        readonly lastLines: readonly string[];
    });
}
