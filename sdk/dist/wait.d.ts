export interface WaitOptions {
    /** Gives up with a `WaitTimeoutError` after this long; 60,000 by default. */
    readonly timeoutMs?: number | undefined;
    /** 100 by default: a devnet answers at once and is on this machine. */
    readonly pollingInterval?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
/**
 * Asks again and again until the answer is there.
 * @throws WaitTimeoutError, and the signal's reason once it is aborted
 */
export declare function waitFor<T>(what: string, read: () => Promise<T | undefined>, { timeoutMs, pollingInterval, signal }: WaitOptions): Promise<T>;
