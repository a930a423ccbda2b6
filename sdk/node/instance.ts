import type { DevnetFlags } from './arguments.ts'
import { type RunningDevnet, startDevnet } from './start-devnet.ts'

/** What prool's `Instance.define` wants of its function. */
export interface ZkdevnetInstance {
  readonly name: string
  readonly host: string
  readonly port: number
  start(options?: { readonly port?: number | undefined }, internal?: InstanceInternals): Promise<void>
  stop(): Promise<void>
}

/** The part of prool's internals that tells what happens. */
interface InstanceInternals {
  readonly emitter: { emit(event: 'message' | 'stderr', text: string): unknown }
}

/**
 * A devnet for a pool or server of prool, which gives each instance its L2 port; all other ports are free ones.
 * @example
 * const zkdevnet = Instance.define(zkdevnetInstance)
 * const server = Server.create({ instance: zkdevnet({ batchMaxAgeMs: 0 }) })
 */
export function zkdevnetInstance(flags: DevnetFlags = {}): ZkdevnetInstance {
  const port = flags.port ?? 3050
  let devnet: RunningDevnet | undefined
  return {
    name: 'zkdevnet',
    host: '127.0.0.1',
    port,
    async start(options, internal) {
      const onLog = (line: string): void => {
        internal?.emitter.emit('message', line)
        internal?.emitter.emit('stderr', line)
      }
      devnet = await startDevnet({ ...flags, port: options?.port ?? port, onLog })
    },
    async stop() {
      await devnet?.stop()
      devnet = undefined
    },
  }
}
