export { devAccounts, type L1Account } from './dev-accounts.ts'
export { type CheckpointPolicy, type DevL1, type L1Deps, type L1Message, type L1Snapshot, type StartL1Options, startL1 } from './dev-l1.ts'
export { L1ChainIdError, L1JournalError, L1ReplayError, L1RpcError, L1SnapshotError } from './errors.ts'
export { l1Migrations } from './migrations.ts'
