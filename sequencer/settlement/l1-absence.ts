import { L1AwayError } from './l1-errors.ts'
import type { Timers } from './timers.ts'

export interface L1AbsenceDeps {
  /** When the Inbox was last read to its end. */
  readonly lastReadMs: () => number
  /** Of the L2 block that would be sealed now, in seconds. */
  readonly nextTimestamp: () => bigint
  readonly timers: Pick<Timers, 'nowMs'>
}

/** An L1 that misses a few answers is not away. */
const graceMs = 5 * 60_000
/** For clocks that differ, and blocks that take their time. */
const marginSeconds = 3_600n

/**
 * Tells when to stop sealing because of an L1 that does not answer.
 *
 * An item that nobody here knows of may have entered the Inbox right after it was last read. The contract refuses a batch that leaves it
 * behind and whose last block is later than the item's deadline; so no block may be.
 */
export class L1Absence {
  readonly #deps: L1AbsenceDeps
  #deadlineSeconds: bigint | undefined

  constructor(deps: L1AbsenceDeps) {
    this.#deps = deps
  }

  /** Seconds that an item may wait. Unknown, it never stops anything. */
  setDeadline(seconds: bigint): void {
    this.#deadlineSeconds = seconds
  }

  sealingStop(): L1AwayError | null {
    const { lastReadMs, nextTimestamp, timers } = this.#deps
    const awayMs = timers.nowMs() - lastReadMs()
    if (this.#deadlineSeconds === undefined || awayMs < graceMs) return null
    const latest = BigInt(Math.floor(lastReadMs() / 1_000)) + this.#deadlineSeconds - marginSeconds
    return nextTimestamp() <= latest ? null : new L1AwayError({ minutes: Math.floor(awayMs / 60_000) })
  }
}
