import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../core/index.ts'

/** Time as a dep: tests own it. */
export interface Timers extends Clock {
  /** Resolves after that time, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
}
