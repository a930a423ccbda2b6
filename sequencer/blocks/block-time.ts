import { type Clock, TimestampTooOldError } from '../../core/index.ts'
import { ClockBackwardsError } from './errors.ts'

export interface BlockTimeStorage {
  readOffset(): bigint
  writeOffset(seconds: bigint): void
}

/** What a snapshot keeps of the clock. */
export interface BlockTimeState {
  readonly offset: bigint
  readonly next: bigint | undefined
}

/** Timestamps of coming blocks: the clock plus an offset that outlives the process, always after the parent's. */
export class BlockTime {
  readonly #clock: Clock
  readonly #storage: BlockTimeStorage
  #offset: bigint
  #next: bigint | undefined

  constructor({ clock, storage }: { clock: Clock; storage: BlockTimeStorage }) {
    this.#clock = clock
    this.#storage = storage
    this.#offset = storage.readOffset()
  }

  get offset(): bigint {
    return this.#offset
  }

  /** Timestamp that a block on a parent of time `head` gets now; `interval`: seconds between blocks, whatever the clock says. */
  after(head: bigint, interval: bigint | null = null): bigint {
    if (this.#next !== undefined && this.#next > head) return this.#next
    if (interval !== null) return head + (interval > 0n ? interval : 1n)
    const now = this.#now() + this.#offset
    return now > head ? now : head + 1n
  }

  /** Whether a time was asked for that holds for the next block only. */
  get isNextSet(): boolean {
    return this.#next !== undefined
  }

  /** A block was sealed: a time that was asked for holds for it only, and the clock goes on from there. */
  sealed(timestamp: bigint): void {
    if (this.#next === undefined) return
    this.#next = undefined
    this.#setOffset(timestamp - this.#now())
  }

  /**
   * Many blocks within a second carry the chain ahead of the clock: then the shift counts from `head`, as in Hardhat.
   * @throws ClockBackwardsError for negative seconds
   */
  increase(seconds: bigint, head: bigint): bigint {
    if (seconds < 0n) throw new ClockBackwardsError(seconds)
    const now = this.#now()
    const shown = now + this.#offset > head ? now + this.#offset : head
    this.#setOffset(shown + seconds - now)
    return this.#offset
  }

  /** @throws TimestampTooOldError */
  setNext(timestamp: bigint, head: bigint): void {
    if (timestamp <= head) throw new TimestampTooOldError({ timestamp, head })
    this.#next = timestamp
  }

  /** @throws TimestampTooOldError */
  setNow(timestamp: bigint, head: bigint): void {
    if (timestamp <= head) throw new TimestampTooOldError({ timestamp, head })
    this.#next = undefined
    this.#setOffset(timestamp - this.#now())
  }

  state(): BlockTimeState {
    return { offset: this.#offset, next: this.#next }
  }

  /** In memory; for what is stored `store`. */
  restore({ offset, next }: BlockTimeState): void {
    this.#next = next
    this.#offset = offset
  }

  store({ offset }: BlockTimeState): void {
    this.#storage.writeOffset(offset)
  }

  #now(): bigint {
    return BigInt(Math.floor(this.#clock.nowMs() / 1000))
  }

  #setOffset(offset: bigint): void {
    if (offset === this.#offset) return
    this.#storage.writeOffset(offset)
    this.#offset = offset
  }
}
