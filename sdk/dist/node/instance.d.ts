import type { DevnetFlags } from './arguments.js';
/** What prool's `Instance.define` wants of its function. */
export interface ZkdevnetInstance {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    start(options?: {
        readonly port?: number | undefined;
    }, internal?: InstanceInternals): Promise<void>;
    stop(): Promise<void>;
}
/** The part of prool's internals that tells what happens. */
interface InstanceInternals {
    readonly emitter: {
        emit(event: 'message' | 'stderr', text: string): unknown;
    };
}
/**
 * A devnet for a pool or server of prool, which gives each instance its L2 port; all other ports are free ones.
 * @example
 * const zkdevnet = Instance.define(zkdevnetInstance)
 * const server = Server.create({ instance: zkdevnet({ batchMaxAgeMs: 0 }) })
 */
export declare function zkdevnetInstance(flags?: DevnetFlags): ZkdevnetInstance;
export {};
