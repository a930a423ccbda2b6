import type { DecodedTransaction } from './decode.ts'

export interface PoolEntry extends DecodedTransaction {
  /** Ascends with the time of acceptance, over restarts too. */
  readonly arrival: number
}

/** Pooled transactions of one sender, by nonce. */
export class SenderQueue {
  readonly #entries = new Map<bigint, PoolEntry>()
  /** Ascending. */
  #nonces: bigint[] = []
  #accountNonce: bigint
  #nextNonce: bigint
  #cost = 0n

  constructor(accountNonce: bigint) {
    this.#accountNonce = accountNonce
    this.#nextNonce = accountNonce
  }

  /** First nonce from the account's on that has no transaction. */
  get nextNonce(): bigint {
    return this.#nextNonce
  }

  /** Upper bound of what all of them cost. */
  get cost(): bigint {
    return this.#cost
  }

  get isEmpty(): boolean {
    return this.#nonces.length === 0
  }

  get(nonce: bigint): PoolEntry | undefined {
    return this.#entries.get(nonce)
  }

  first(): PoolEntry | undefined {
    return this.#entries.get(this.#accountNonce)
  }

  last(): PoolEntry | undefined {
    const nonce = this.#nonces.at(-1)
    return nonce === undefined ? undefined : this.#entries.get(nonce)
  }

  isExecutable({ nonce }: PoolEntry): boolean {
    return nonce < this.#nextNonce
  }

  *all(): IterableIterator<PoolEntry> {
    for (const nonce of this.#nonces) {
      const entry = this.#entries.get(nonce)
      if (entry !== undefined) yield entry
    }
  }

  /** Takes the place of an entry with the same nonce. */
  set(entry: PoolEntry): void {
    const { nonce } = entry
    const replaced = this.#entries.get(nonce)
    if (replaced === undefined) this.#insertNonce(nonce)
    else this.#cost -= replaced.maxCost
    this.#entries.set(nonce, entry)
    this.#cost += entry.maxCost
    while (this.#entries.has(this.#nextNonce)) this.#nextNonce++
  }

  delete(nonce: bigint): void {
    const entry = this.#entries.get(nonce)
    if (entry === undefined) return
    this.#entries.delete(nonce)
    this.#nonces.splice(this.#position(nonce), 1)
    this.#cost -= entry.maxCost
    if (nonce < this.#nextNonce && nonce >= this.#accountNonce) this.#nextNonce = nonce
  }

  below(nonce: bigint): PoolEntry[] {
    return this.#nonces.slice(0, this.#position(nonce)).flatMap((low) => this.#entries.get(low) ?? [])
  }

  /** Moves on with the chain. Returns what can never be included any more, which is no longer in the queue. */
  setAccountNonce(accountNonce: bigint): PoolEntry[] {
    const isAlongTheSequence = accountNonce >= this.#accountNonce && accountNonce <= this.#nextNonce
    this.#accountNonce = accountNonce
    const stale = this.below(accountNonce)
    for (const entry of stale) {
      this.#entries.delete(entry.nonce)
      this.#cost -= entry.maxCost
    }
    this.#nonces.splice(0, stale.length)
    // Counting anew for each block would be quadratic in a long sequence.
    if (!isAlongTheSequence) this.#nextNonce = accountNonce
    while (this.#entries.has(this.#nextNonce)) this.#nextNonce++
    return stale
  }

  #insertNonce(nonce: bigint): void {
    const last = this.#nonces.at(-1)
    if (last === undefined || nonce > last) this.#nonces.push(nonce)
    else this.#nonces.splice(this.#position(nonce), 0, nonce)
  }

  /** Number of nonces below `nonce`. */
  #position(nonce: bigint): number {
    let low = 0
    let high = this.#nonces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#nonces[middle] ?? 0n) < nonce) low = middle + 1
      else high = middle
    }
    return low
  }
}
