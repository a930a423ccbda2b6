/** Least recently used entries go first once the weights add up to more than the bound. */
export class BoundedCache<K, V> {
  readonly #maxWeight: number
  readonly #weightOf: (value: V) => number
  readonly #entries = new Map<K, V>()
  #weight = 0

  constructor({ maxWeight, weightOf }: { maxWeight: number; weightOf: (value: V) => number }) {
    this.#maxWeight = maxWeight
    this.#weightOf = weightOf
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#weight += this.#weightOf(value)
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxWeight) return
      this.delete(oldest)
    }
  }

  delete(key: K): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#weight -= this.#weightOf(value)
  }

  clear(): void {
    this.#entries.clear()
    this.#weight = 0
  }
}
