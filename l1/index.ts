export { devAccounts } from './dev-accounts.ts'
export { type DevL1, type StartL1Options, startL1 } from './dev-l1.ts'
export { l1Migrations } from './migrations.ts'
