import type { Hex, Withdrawal } from '../../core/index.ts'

/** Deposits that the next block takes, and where the Inbox stands afterwards. */
export interface InboxSlice {
  /** In Inbox order; `index` of the first is the count that was asked for. */
  readonly deposits: readonly Withdrawal[]
  readonly countAfter: bigint
  /** Inbox root at `countAfter` leaves: the block's parentBeaconBlockRoot. */
  readonly rootAfter: Hex
}

/** What the node knows of the L1 Inbox. Reads are synchronous: they come from memory or SQLite. */
export interface InboxFeed {
  /** The next deposits after the first `consumedCount` leaves, at most `max`. */
  next(consumedCount: bigint, max: number): InboxSlice
  /** Root of the Inbox tree at that many leaves (the empty tree's for 0). Throws RangeError for leaves that are not, or no longer, there. */
  rootAt(count: bigint): Hex
}
