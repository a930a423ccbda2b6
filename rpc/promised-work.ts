/** What answers have promised and is still being done. Requests wait for it, so that nobody sees a state older than an answer. */
export class PromisedWork {
  #pending: Promise<void> | undefined

  /** Undefined where there is none; never rejects. */
  get pending(): Promise<void> | undefined {
    return this.#pending
  }

  /** `work` never rejects. */
  add(work: Promise<void>): void {
    const all = this.#pending === undefined ? work : Promise.all([this.#pending, work]).then(() => undefined)
    this.#pending = all
    void all.then(() => {
      if (this.#pending === all) this.#pending = undefined
    })
  }
}
