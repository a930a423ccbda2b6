/** A generator of numbers that a seed determines (Marsaglia's xorshift, 32 bits). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2654435761) + 88172645) >>> 0 || 1
    for (let i = 0; i < 8; i++) this.next()
  }

  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state
  }

  below(limit: number): number {
    return this.next() % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new RangeError('picked from nothing')
    return item
  }

  word(): bigint {
    let value = 0n
    for (let i = 0; i < 8; i++) value = (value << 32n) | BigInt(this.next())
    return value
  }
}
