import { InvalidIntervalError } from './errors.ts'

// Node's timers hold no more.
const maxIntervalMs = 2 ** 31 - 1

/** Calls `tick` again and again, never while an earlier call is unfinished. */
export class IntervalTimer {
  readonly #tick: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  #generation = 0

  constructor(tick: () => Promise<void>) {
    this.#tick = tick
  }

  /** 0 stops. @throws InvalidIntervalError */
  set(intervalMs: number): void {
    if (!Number.isInteger(intervalMs) || intervalMs < 0 || intervalMs > maxIntervalMs) throw new InvalidIntervalError(intervalMs)
    clearTimeout(this.#timer)
    this.#generation++
    if (intervalMs > 0) this.#schedule(intervalMs, intervalMs, this.#generation)
  }

  #schedule(delayMs: number, intervalMs: number, generation: number): void {
    this.#timer = setTimeout(async () => {
      const startedMs = performance.now()
      await this.#tick()
      if (generation !== this.#generation) return
      this.#schedule(Math.max(0, intervalMs - (performance.now() - startedMs)), intervalMs, generation)
    }, delayMs)
  }
}
