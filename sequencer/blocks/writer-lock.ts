/** One writer at a time, first come first served. Everything that changes the chain or takes part in a snapshot runs in it. */
export class WriterLock {
  #tail: Promise<void> = Promise.resolve()

  /** Resolves with a function that lets the next writer in; calling it twice is harmless. */
  async acquire(): Promise<() => void> {
    const before = this.#tail
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#tail = promise
    await before
    return resolve
  }

  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const release = await this.acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
