import type { Lease } from './lease.ts'
import type { ProofBroker } from './proof-broker.ts'

/** Resolves after `ms`; rejects when the signal fires. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export interface LeaseWait {
  readonly agent: string
  readonly waitMs: number
  /** Ends the wait early, without a lease. */
  readonly signal: AbortSignal
}

/** The next job, as soon as there is one: now, when it is enqueued, or when time frees it; undefined when the wait is over. */
export async function waitForLease(broker: ProofBroker, { agent, waitMs, signal }: LeaseWait, sleep: Sleep): Promise<Lease | undefined> {
  if (waitMs === 0 && !signal.aborted) return broker.lease(agent)
  const ended = new AbortController()
  const deadline = sleep(waitMs, ended.signal).then(
    () => ended.abort(),
    () => undefined,
  )
  const onAbort = (): void => ended.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) ended.abort()
  try {
    for (;;) {
      // After an aborted request a lease would be lost on its way and block the job until it expires.
      if (signal.aborted) return undefined
      const lease = broker.lease(agent)
      if (lease !== undefined || ended.signal.aborted) return lease
      await nextChance(broker, ended.signal, sleep)
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    ended.abort()
    await deadline
  }
}

async function nextChance(broker: ProofBroker, ended: AbortSignal, sleep: Sleep): Promise<void> {
  const woken = new AbortController()
  const wake = (): void => woken.abort()
  const unsubscribe = broker.onWork(wake)
  ended.addEventListener('abort', wake, { once: true })
  try {
    const ms = broker.msUntilWork()
    if (ms === undefined) await new Promise<void>((resolve) => woken.signal.addEventListener('abort', () => resolve(), { once: true }))
    else await sleep(ms, woken.signal).catch(() => undefined)
  } finally {
    unsubscribe()
    ended.removeEventListener('abort', wake)
  }
}
