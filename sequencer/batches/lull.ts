import type { Timers } from '../settlement/timers.ts'

export interface LullOptions {
  /** So many blocks within `windowMs`, and more, are a rush. */
  readonly blocks: number
  readonly windowMs: number
}

/** Above 80 blocks/s somebody waits for each of them; below, two cores have time for everything. */
export const defaultLull: LullOptions = { blocks: 8, windowMs: 100 }

/** Under a rush without an end, work is put off for this long at most. */
export const maxPutOffMs = 10_000

/**
 * Tells when blocks do not follow each other in a rush. What nobody waits for, building batches and running the guest on them, is put
 * off until then: on two cores it would take from sealing what it needs.
 */
export class Lull {
  readonly #opts: LullOptions
  readonly #timers: Timers
  /** When the newest blocks were sealed; a ring. */
  readonly #sealedAtMs: number[]
  #next = 0

  constructor(opts: LullOptions, timers: Timers) {
    this.#opts = opts
    this.#timers = timers
    this.#sealedAtMs = new Array(opts.blocks).fill(Number.NEGATIVE_INFINITY)
  }

  blockSealed(): void {
    this.#sealedAtMs[this.#next] = this.#timers.nowMs()
    this.#next = (this.#next + 1) % this.#opts.blocks
  }

  /** Resolves when there is no rush, at `untilMs` at the latest, or when the signal aborts. */
  async wait(untilMs: number, signal: AbortSignal): Promise<void> {
    for (let left = this.#rushLeftMs(untilMs); left > 0 && !signal.aborted; left = this.#rushLeftMs(untilMs)) {
      await this.#timers.sleep(left, signal)
    }
  }

  /** How long the rush would last if no block followed. */
  #rushLeftMs(untilMs: number): number {
    const oldest = this.#sealedAtMs[this.#next] ?? Number.NEGATIVE_INFINITY
    return Math.min(oldest + this.#opts.windowMs, untilMs) - this.#timers.nowMs()
  }
}
