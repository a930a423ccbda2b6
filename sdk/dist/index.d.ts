export { DevnetNotReadyError } from './node/errors.js';
export { type ZkdevnetInstance, zkdevnetInstance } from './node/instance.js';
export { type DevAccount, type RunningDevnet, type StartDevnetOptions, startDevnet } from './node/start-devnet.js';
export * from './viem.js';
