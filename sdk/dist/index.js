export { DevnetNotReadyError } from './node/errors.js';
export { zkdevnetInstance } from './node/instance.js';
export { startDevnet } from './node/start-devnet.js';
export * from './viem.js';
