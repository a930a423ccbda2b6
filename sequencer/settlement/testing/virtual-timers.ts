import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Timers } from '../timers.ts'

/** Time that passes at once whenever somebody sleeps. */
export class VirtualTimers implements Timers {
  #nowMs = 1_800_000_000_000

  nowMs(): number {
    return this.#nowMs
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    this.#nowMs += ms
    await nextTurn()
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}
