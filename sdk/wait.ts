import { WaitTimeoutError } from './errors.ts'

export interface WaitOptions {
  /** Gives up with a `WaitTimeoutError` after this long; 60,000 by default. */
  readonly timeoutMs?: number | undefined
  /** 100 by default: a devnet answers at once and is on this machine. */
  readonly pollingInterval?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks again and again until the answer is there.
 * @throws WaitTimeoutError, and the signal's reason once it is aborted
 */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T | undefined>,
  { timeoutMs = 60_000, pollingInterval = 100, signal }: WaitOptions,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    const value = await read()
    if (value !== undefined) return value
    if (Date.now() >= deadline) throw new WaitTimeoutError({ what, timeoutMs })
    await pause(pollingInterval, signal)
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // Aborted while the answer was read: its event is over.
  if (signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
