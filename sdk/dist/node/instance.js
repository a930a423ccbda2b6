import { startDevnet } from './start-devnet.js';
/**
 * A devnet for a pool or server of prool, which gives each instance its L2 port; all other ports are free ones.
 * @example
 * const zkdevnet = Instance.define(zkdevnetInstance)
 * const server = Server.create({ instance: zkdevnet({ batchMaxAgeMs: 0 }) })
 */
export function zkdevnetInstance(flags = {}) {
    const port = flags.port ?? 3050;
    let devnet;
    return {
        name: 'zkdevnet',
        host: '127.0.0.1',
        port,
        async start(options, internal) {
            const onLog = (line) => {
                internal?.emitter.emit('message', line);
                internal?.emitter.emit('stderr', line);
            };
            devnet = await startDevnet({ ...flags, port: options?.port ?? port, onLog });
        },
        async stop() {
            await devnet?.stop();
            devnet = undefined;
        },
    };
}
