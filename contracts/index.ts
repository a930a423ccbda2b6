export { type Deployment, type DeployRollupOptions, deployRollup } from './deploy.ts'
export {
  DeployerNonceUsedError,
  DeployerUnderfundedError,
  DeploymentFailedError,
  DeploymentMismatchError,
  GenesisTooLargeError,
  NotARollupError,
} from './deployment-errors.ts'
export {
  type DeployerPlace,
  type DeploymentAddresses,
  deploymentAddresses,
  type FoundDeployment,
  findDeployment,
} from './find-deployment.ts'
export * from './generated/index.ts'
export { type Predeploy, predeployedContracts } from './predeploys.ts'
export { type KnownDeployment, readDeployment } from './read-deployment.ts'
