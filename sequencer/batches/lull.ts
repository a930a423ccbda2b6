import { performance } from 'node:perf_hooks'
import type { Timers } from '../settlement/timers.ts'

export interface LullOptions {
  /** So many blocks within `windowMs` may be a rush; fewer never are. */
  readonly blocks: number
  readonly windowMs: number
  /** Share of the time in which the main thread is at work, from which on they are one. */
  readonly busy: number
  /** Work is put off for this long at most, under a rush without an end. */
  readonly maxPutOffMs: number
}

/** Whoever sends one transaction after another keeps the node at work for most of the time, on a fast machine as on a slow one. */
const defaultLull = { blocks: 3, windowMs: 250, busy: 0.5, maxPutOffMs: 10_000 }

/** For batches that close at this age: whoever wants them young is not to wait long for what follows. */
export const lullOptions = ({ maxAgeMs }: { readonly maxAgeMs: number }): LullOptions => ({
  ...defaultLull,
  maxPutOffMs: Math.min(defaultLull.maxPutOffMs, 10 * maxAgeMs),
})

/** Starts measuring the main thread; the function returned tells which share of the time it has been at work since. */
export type MeasureLoad = () => () => number

export const measureEventLoop: MeasureLoad = () => {
  const start = performance.eventLoopUtilization()
  return () => performance.eventLoopUtilization(start).utilization
}

/**
 * Tells when blocks do not follow each other in a rush. What nobody waits for, building batches and running the guest on them, is put
 * off until then: on two cores it would take from sealing what it needs.
 */
export class Lull {
  readonly #opts: LullOptions
  readonly #deps: { readonly timers: Timers; readonly measureLoad: MeasureLoad }
  /** When the newest blocks were sealed; a ring. */
  readonly #sealedAtMs: number[]
  #next = 0

  constructor(opts: LullOptions, deps: { readonly timers: Timers; readonly measureLoad: MeasureLoad }) {
    this.#opts = opts
    this.#deps = deps
    this.#sealedAtMs = new Array(opts.blocks).fill(Number.NEGATIVE_INFINITY)
  }

  blockSealed(): void {
    this.#sealedAtMs[this.#next] = this.#deps.timers.nowMs()
    this.#next = (this.#next + 1) % this.#opts.blocks
  }

  /** For work that waits since then: resolves when there is no rush, when it has waited for long enough, or when the signal aborts. */
  async wait(sinceMs: number, signal: AbortSignal): Promise<void> {
    const untilMs = sinceMs + this.#opts.maxPutOffMs
    const { timers, measureLoad } = this.#deps
    for (let left = this.#rushLeftMs(untilMs); left > 0 && !signal.aborted; left = this.#rushLeftMs(untilMs)) {
      const loadSince = measureLoad()
      await timers.sleep(left, signal)
      if (loadSince() < this.#opts.busy) return
    }
  }

  /** How long the rush would last if no block followed. */
  #rushLeftMs(untilMs: number): number {
    const oldest = this.#sealedAtMs[this.#next] ?? Number.NEGATIVE_INFINITY
    return Math.min(oldest + this.#opts.windowMs, untilMs) - this.#deps.timers.nowMs()
  }
}
