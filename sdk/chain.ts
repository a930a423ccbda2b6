import { type Chain, defineChain } from 'viem'

/** Ids, ports and addresses of a devnet with default settings. */
export const zkdevnetDefaults = {
  l2ChainId: 313372,
  l1ChainId: 31337,
  l2Url: 'http://127.0.0.1:3050',
  l1Url: 'http://127.0.0.1:8545',
} as const

const ether = { name: 'Ether', symbol: 'ETH', decimals: 18 } as const
const multicall3 = { address: '0xca11bde05977b3631167028862be2a173976ca11', blockCreated: 0 } as const

export interface ZkdevnetChainOptions {
  /** Port of the L2 on this machine; 3050 by default. */
  readonly port?: number | undefined
  /** URL of the L2, where it is elsewhere. */
  readonly l2Url?: string | undefined
  readonly chainId?: number | undefined
  readonly l1ChainId?: number | undefined
}

/**
 * viem's definition of a devnet's L2.
 * @example
 * const client = createPublicClient({ chain: defineZkdevnet(), transport: http() })
 */
export function defineZkdevnet({ port, l2Url, chainId, l1ChainId }: ZkdevnetChainOptions = {}): Chain<undefined> {
  const url = l2Url ?? urlOf(port, zkdevnetDefaults.l2Url)
  return defineChain({
    id: chainId ?? zkdevnetDefaults.l2ChainId,
    name: 'zkdevnet',
    nativeCurrency: ether,
    rpcUrls: { default: { http: [url], webSocket: [url.replace(/^http/, 'ws')] } },
    contracts: { multicall3 },
    sourceId: l1ChainId ?? zkdevnetDefaults.l1ChainId,
    testnet: true,
  })
}

export interface ZkdevnetL1ChainOptions {
  /** Port of the L1 on this machine; 8545 by default. */
  readonly l1Port?: number | undefined
  /** URL of the L1, where it is elsewhere. */
  readonly l1Url?: string | undefined
  readonly l1ChainId?: number | undefined
}

/** viem's definition of a devnet's L1. */
export function defineZkdevnetL1({ l1Port, l1Url, l1ChainId }: ZkdevnetL1ChainOptions = {}): Chain<undefined> {
  return defineChain({
    id: l1ChainId ?? zkdevnetDefaults.l1ChainId,
    name: 'zkdevnet L1',
    nativeCurrency: ether,
    rpcUrls: { default: { http: [l1Url ?? urlOf(l1Port, zkdevnetDefaults.l1Url)] } },
    testnet: true,
  })
}

function urlOf(port: number | undefined, byDefault: string): string {
  return port === undefined ? byDefault : `http://127.0.0.1:${port}`
}
