import type { Timers } from './timers.ts'

/** A bell for one sleeper: rung while nobody sleeps, it is heard by the next one. */
export class Wakeup {
  readonly #timers: Timers
  #rung = false
  #wake: (() => void) | undefined

  constructor(timers: Timers) {
    this.#timers = timers
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Resolves when rung, after that time, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const bell = new AbortController()
      this.#wake = () => bell.abort()
      await this.#timers.sleep(ms, AbortSignal.any([signal, bell.signal]))
      this.#wake = undefined
    }
    this.#rung = false
  }
}
