export { genesisBatchOf } from './batches/genesis-batch.ts'
export { batchesMigrations } from './batches/migrations.ts'
export { type BatchLimits, defaultBatchLimits } from './batches/open-batch.ts'
export { ClockBackwardsError, InvalidIntervalError, SealerStoppedError, StateDiffTooLargeError } from './blocks/errors.ts'
export type { InboxFeed, InboxSlice } from './blocks/inbox-feed.ts'
export type { SealerOptions } from './blocks/sealer.ts'
export { WriterLock } from './blocks/writer-lock.ts'
export { type ChainDeps, type ChainOptions, createChain, type L2Chain } from './chain.ts'
export { InboxMismatchError, InboxRewrittenError } from './inbox/errors.ts'
export { InboxWatcher, type InboxWatcherDeps, type InboxWatcherOptions } from './inbox/inbox-watcher.ts'
export { inboxMigrations } from './inbox/migrations.ts'
export { RecoveryDataError, RecoveryRaceError, RecoveryTargetError } from './recover/errors.ts'
export { type RecoverDeps, type RecoverOptions, type Recovery, recoverFromL1 } from './recover/recover-from-l1.ts'
export { createRollup, type Rollup, type RollupDeps, type RollupOptions } from './settlement/create-rollup.ts'
export { BatchIncompleteError, BatchMismatchError, ProofFailedError } from './settlement/errors.ts'
export { L1Client } from './settlement/l1-client.ts'
export {
  L1AnswerError,
  L1RevertedError,
  L1RpcError,
  L1TransactionFailedError,
  L1TransactionLostError,
  L1TransactionRejectedError,
  L1UnreachableError,
} from './settlement/l1-errors.ts'
export { settlementMigrations } from './settlement/migrations.ts'
export { systemTimers, type Timers } from './settlement/timers.ts'
export { DevnetSnapshots, type DevnetSnapshotsDeps } from './snapshots/devnet-snapshots.ts'
export { StaleSnapshotError } from './snapshots/errors.ts'
export type { SnapshotParticipant } from './snapshots/participant.ts'
export type { BlockRecord, ChainStore, Finality } from './storage/chain-store.ts'
export { ChainMismatchError, ChainNotStoredError, HeadStateUnreadableError } from './storage/errors.ts'
export { adoptChain, type GenesisParameters, type RecoveredState } from './storage/found-chain.ts'
export { chainMigrations } from './storage/migrations.ts'
