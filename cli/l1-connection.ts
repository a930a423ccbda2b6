import { DevnetError, type Eip1193Provider, type L1Snapshots } from '../core/index.ts'
import type { DevL1 } from '../l1/index.ts'
import { createHttpProvider } from './http-provider.ts'

/** The L1 of this devnet, its own or one that the user named. */
export interface L1Connection {
  readonly provider: Eip1193Provider
  readonly chainId: bigint
  /** Null where the L1 is not ours. */
  readonly own: DevL1 | null
  readonly snapshots: L1Snapshots | null
}

class ExternalL1UnreachableError extends DevnetError {
  override name = 'ExternalL1UnreachableError'
  constructor(url: string, cause: unknown) {
    super(`The L1 at ${url} does not answer.`, {
      code: 'L1_UNREACHABLE',
      exitCode: 4,
      cause,
      metaMessages: ['Check --l1-url, or leave it out: the devnet then starts an L1 of its own.'],
    })
  }
}

/** @throws ExternalL1UnreachableError */
export async function connectExternalL1(url: string): Promise<L1Connection> {
  const provider = createHttpProvider(url)
  const chainId = await provider.request({ method: 'eth_chainId' }).catch((cause: unknown) => {
    throw new ExternalL1UnreachableError(url, cause)
  })
  return { provider, chainId: BigInt(String(chainId)), own: null, snapshots: null }
}

export function ownL1Connection(l1: DevL1): L1Connection {
  return { provider: l1, chainId: BigInt(l1.chainId), own: l1, snapshots: l1 }
}
