export { type Deployment, type DeployRollupOptions, deployRollup } from './deploy.ts'
export {
  type DeployerPlace,
  type DeploymentAddresses,
  deploymentAddresses,
  type FoundDeployment,
} from './find-deployment.ts'
export * from './generated/index.ts'
export { type Predeploy, predeployedContracts } from './predeploys.ts'
export { type KnownDeployment, readDeployment } from './read-deployment.ts'
