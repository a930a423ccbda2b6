import { WaitTimeoutError } from './errors.js';
/**
 * Asks again and again until the answer is there.
 * @throws WaitTimeoutError, and the signal's reason once it is aborted
 */
export async function waitFor(what, read, { timeoutMs = 60_000, pollingInterval = 100, signal }) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        signal?.throwIfAborted();
        const value = await read();
        if (value !== undefined)
            return value;
        if (Date.now() >= deadline)
            throw new WaitTimeoutError({ what, timeoutMs });
        await pause(pollingInterval, signal);
    }
}
function pause(ms, signal) {
    // Aborted while the answer was read: its event is over.
    if (signal?.aborted === true)
        return Promise.resolve();
    return new Promise((resolve) => {
        const done = () => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', done);
            resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener('abort', done);
    });
}
