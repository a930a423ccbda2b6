export { DevnetNotReadyError } from './node/errors.ts'
export { type ZkdevnetInstance, zkdevnetInstance } from './node/instance.ts'
export { type DevAccount, type RunningDevnet, type StartDevnetOptions, startDevnet } from './node/start-devnet.ts'
export * from './viem.ts'
