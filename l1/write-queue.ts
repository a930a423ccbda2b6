/** Runs one task at a time, in order of arrival. */
export class WriteQueue {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything that was put in so far is done. */
  async idle(): Promise<void> {
    await this.#tail
  }
}
