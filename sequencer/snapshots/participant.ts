/**
 * A part of the devnet whose state a snapshot covers. A revert goes through all participants in the order in which they were
 * given: `check` of each, then `revertStored` of each in one SQLite transaction, then `revert` of each.
 */
export interface SnapshotParticipant {
  readonly name: string
  /** Lets work in progress finish and starts nothing new until the returned function is called. */
  pause(): Promise<() => void>
  /** State to come back to; opaque to everybody else. */
  take(): Promise<unknown>
  /** A token for the time right after a block, for a rollback. Absent where nothing of the part is bound to blocks. */
  tokenOf?(block: bigint): unknown
  /** Throws where the token cannot be reverted to (`SnapshotBelowCommittedBatchError`); changes nothing. */
  check?(token: unknown): Promise<void>
  /**
   * Rolls back what is in SQLite. Synchronous: all participants share the transaction, so a crash leaves all or none reverted.
   * What is kept in memory of it and read by requests goes back in `DevnetDatabase.afterCommit`.
   */
  revertStored?(token: unknown): void
  /** Rolls back what is elsewhere (memory, another process). */
  revert?(token: unknown): Promise<void>
}
