import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Eip1193Provider } from '../core/index.ts'
import { createProvider, network } from './engine.ts'
import { toL1RpcError } from './errors.ts'

/** A copy of a running L1 in this process: what is done to it reaches nobody. */
export interface L1Fork extends Eip1193Provider {
  close(): Promise<void>
}

interface ForkOptions {
  readonly url: string
  readonly originalChainId: number
  /** What contracts on the copy see; that of the original unless it is given. */
  readonly chainId?: number
}

/**
 * Copies the L1 at `url` as it is now; accounts and slots are fetched when they are first looked at. Requests reject with
 * `L1RpcError`.
 */
export async function forkL1({ url, originalChainId, chainId = originalChainId }: ForkOptions): Promise<L1Fork> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'zkdevnet-fork-'))
  const provider = await createProvider(cacheDir, { ...network, chainId, accounts: [], forking: { url } }, originalChainId)
  return {
    async request({ method, params = [] }) {
      try {
        return await provider.request({ method, params })
      } catch (error) {
        throw toL1RpcError(error)
      }
    },
    async close() {
      await provider.close()
      rmSync(cacheDir, { recursive: true, force: true })
    },
  }
}
