import type { Clock } from '../core/index.ts'

/** What of the clock outlives the process. Seconds. */
export interface ChainTime {
  offset: number
  /** Exact time of the next block, if one was asked for. */
  next: number | null
}

/** The L1's time: the machine's, moved by `evm_increaseTime` and `evm_setNextBlockTimestamp`. */
export class ChainClock {
  readonly #clock: Clock
  #time: ChainTime

  constructor(clock: Clock, time: ChainTime = { offset: 0, next: null }) {
    this.#clock = clock
    this.#time = time
  }

  get time(): ChainTime {
    return this.#time
  }

  /** Seconds since the epoch, moved. */
  now(): number {
    return this.#machineNow() + this.#time.offset
  }

  increase(seconds: number): number {
    this.#time = { ...this.#time, offset: this.#time.offset + seconds }
    return this.#time.offset
  }

  setNext(timestamp: number): void {
    this.#time = { ...this.#time, next: timestamp }
  }

  /** Time of a block on top of one of time `parent`. */
  blockTimestamp(parent: number): number {
    return this.#time.next ?? Math.max(parent + 1, this.now())
  }

  /** A block was sealed with the time that `blockTimestamp` gave. If that time was asked for, the clock goes on from there. */
  sealed(timestamp: number): void {
    if (this.#time.next !== null) this.jumpTo(timestamp)
  }

  /** From now on it is `timestamp`. */
  jumpTo(timestamp: number): void {
    this.#time = { offset: timestamp - this.#machineNow(), next: null }
  }

  /** Back to `then`, when the clock showed `shown`. */
  restore(then: ChainTime, shown: number): void {
    this.#time = { offset: shown - this.#machineNow(), next: then.next }
  }

  /** Back to the machine's time. */
  reset(): void {
    this.#time = { offset: 0, next: null }
  }

  #machineNow(): number {
    return Math.floor(this.#clock.nowMs() / 1000)
  }
}
