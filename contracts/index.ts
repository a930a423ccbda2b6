export { type Deployment, type DeployRollupOptions, deployRollup, type VerifierOptions } from './deploy.ts'
export {
  type DeployerPlace,
  type DeploymentAddresses,
  deploymentAddresses,
  type FoundDeployment,
} from './find-deployment.ts'
export * from './generated/index.ts'
export { createL1Client } from './l1-client.ts'
export { type Predeploy, predeployedContracts } from './predeploys.ts'
export { type KnownDeployment, readDeployment } from './read-deployment.ts'
export { type SessionCall, type SessionParts, sessionCalls, transactionLimits } from './stark-session.ts'
export {
  announceUpgrade,
  cancelUpgrade,
  executeUpgrade,
  type RollupOwner,
  readUpgradeState,
  revertToBatch,
  type UpgradeState,
} from './upgrade.ts'
