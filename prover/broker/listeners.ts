import type { Logger } from '../../core/index.ts'

/** Callbacks of which one that throws does not disturb the others. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #log: Logger
  readonly #listeners = new Set<(...args: Args) => void>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** Returns the unsubscriber. */
  add(listener: (...args: Args) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  announce(...args: Args): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(...args)
      } catch (error) {
        this.#log.error({ error }, 'proof listener failed')
      }
    }
  }
}
