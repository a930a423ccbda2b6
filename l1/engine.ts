import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import type { HardhatUserConfig } from 'hardhat/types/config'
import { hexToBytes, keccak256Hex } from '../core/index.ts'
import type { Archive } from './archive.ts'
import { startArchiveServer, type TouchedState } from './archive-server.ts'
import type { L1Account } from './dev-accounts.ts'
import { toL1RpcError } from './errors.ts'

/** EDR's event of `eth_subscribe`. */
export interface EngineEvent {
  subscription: string
  result: unknown
}

/** One EDR chain: what executes transactions and answers reads. Its memory is the L1 since the checkpoint that it started from. */
export interface Engine {
  /** Rejects with `L1RpcError`. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  onEvent(listener: (event: EngineEvent) => void): void
  /** The state that it may have changed. */
  readonly touched: TouchedState
  /** Waits for the requests under way. */
  close(): Promise<void>
}

export interface EngineOptions {
  chainId: number
  /** Where EDR may keep its cache of the archive; it lives as long as the engine. */
  scratchDir: string
}

const blockGasLimit = 60_000_000n

/** How each of our simulated networks behaves. */
export const network = {
  type: 'edr-simulated',
  chainType: 'l1',
  hardfork: 'osaka',
  blockGasLimit,
  loggingEnabled: false,
  // A reverting transaction is mined and its hash returned, as on every real L1.
  throwOnTransactionFailures: false,
  mining: { auto: true, interval: 0, mempool: { order: 'fifo' } },
} as const

/** Starts EDR on top of a checkpoint of the archive. Equal checkpoints and equal requests give equal block hashes. */
export async function startEngine({
  archive,
  checkpoint,
  chainId,
  scratchDir,
}: EngineOptions & { archive: Archive; checkpoint: number }): Promise<Engine> {
  const server = await startArchiveServer({ archive, checkpoint, chainId })
  mkdirSync(scratchDir, { recursive: true })
  // EDR's cache knows a remote only by its port, and must not mistake one checkpoint for another.
  const cacheDir = mkdtempSync(join(scratchDir, 'fork-'))
  const provider = await createProvider(cacheDir, {
    ...network,
    chainId,
    accounts: [],
    forking: { url: server.url, blockNumber: checkpoint },
  })
  let underWay = 0
  let onIdle = () => {}
  const engine: Engine = {
    touched: server.touched,
    async request(method, params = []) {
      underWay += 1
      try {
        return await provider.request({ method, params })
      } catch (error) {
        throw toL1RpcError(error)
      } finally {
        underWay -= 1
        if (underWay === 0) onIdle()
      }
    },
    onEvent(listener) {
      provider.on('notification', listener)
    },
    async close() {
      if (underWay > 0) await new Promise<void>((resolve) => (onIdle = resolve))
      await provider.close()
      await server.close()
      rmSync(cacheDir, { recursive: true, force: true })
    },
  }
  const fork = archive.block(checkpoint)
  // Every EDR draws the same "random" values from its start on; these continue from the checkpoint instead.
  if (fork !== undefined && checkpoint > 0) await engine.request('hardhat_setPrevRandao', [keccak256Hex(hexToBytes(fork.hash))])
  return engine
}

/** A chain of its own with nothing but the genesis block: only to read that block and its state from. */
export async function startGenesisEngine({
  accounts,
  initialTimeMs,
  chainId,
  scratchDir,
}: EngineOptions & { accounts: readonly L1Account[]; initialTimeMs: number }): Promise<Pick<Engine, 'request' | 'close'>> {
  const provider = await createProvider(scratchDir, {
    ...network,
    chainId,
    initialDate: new Date(initialTimeMs),
    accounts: accounts.map(({ privateKey, balanceWei }) => ({ privateKey, balance: balanceWei })),
  })
  return {
    request: (method, params = []) => provider.request({ method, params }),
    close: () => provider.close(),
  }
}

/** A directory for engines' caches that no other process uses. */
export function makeScratchDir(dataDir: string | undefined): string {
  if (dataDir === undefined) return mkdtempSync(join(tmpdir(), 'zkdevnet-l1-'))
  const scratchDir = join(dataDir, 'l1-cache')
  // What a killed process left behind: the directory is locked, so nobody uses it.
  rmSync(scratchDir, { recursive: true, force: true })
  mkdirSync(scratchDir)
  return scratchDir
}

type NetworkUserConfig = NonNullable<HardhatUserConfig['networks']>[string]

/** `remoteChainId` is that of the chain that is forked, where it is another one. */
export async function createProvider(cacheDir: string, l1: NetworkUserConfig & { chainId: number }, remoteChainId: number = l1.chainId) {
  const descriptor = { name: 'zkdevnet L1', chainType: 'l1', hardforkHistory: { osaka: { blockNumber: 0 } } } as const
  const environment = await createHardhatRuntimeEnvironment(
    {
      // Build artifacts of the surrounding project would only slow down the start.
      paths: { cache: cacheDir, artifacts: join(cacheDir, 'artifacts') },
      chainDescriptors: { [l1.chainId]: descriptor, [remoteChainId]: descriptor },
      networks: { l1 },
    },
    undefined,
    import.meta.dirname,
  )
  return (await environment.network.create('l1')).provider
}
