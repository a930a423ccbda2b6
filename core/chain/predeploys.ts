import type { Hex } from '../hex.ts'

/** Contracts that stand in the L2 genesis. The 0x80… addresses are those that zkSync clients know. */
export const predeploys = {
  beaconRoots: '0x000f3df6d732807ef1319fb7b8bb8522d0beac02', // EIP-4788
  historyStorage: '0x0000f90827f1c53a10cb7a02335b175320002935', // EIP-2935
  messenger: '0x0000000000000000000000000000000000008008',
  baseToken: '0x000000000000000000000000000000000000800a',
  inbox: '0x0000000000000000000000000000000000008020',
  create2Deployer: '0x4e59b44847b379578588920ca78fbf26c0b4956c',
  multicall3: '0xca11bde05977b3631167028862be2a173976ca11',
} as const satisfies Record<string, Hex>
