export { devAccounts } from './dev-accounts.ts'
export { type DevL1, type StartL1Options, startL1 } from './dev-l1.ts'
export { forkL1, type L1Fork } from './fork.ts'
export { l1Migrations } from './migrations.ts'
