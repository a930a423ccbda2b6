import type { Chain, Hex } from 'viem'
import { toHex } from 'viem'

/** What EIP-3085 takes: `wallet_addEthereumChain` of MetaMask and every other wallet. */
export interface WalletNetwork {
  readonly chainId: Hex
  readonly chainName: string
  readonly nativeCurrency: { readonly name: string; readonly symbol: string; readonly decimals: number }
  readonly rpcUrls: readonly string[]
}

/**
 * The parameter with which a page asks a wallet to add the devnet.
 * @example
 * await provider.request({ method: 'wallet_addEthereumChain', params: [walletNetwork(defineZkdevnet())] })
 */
export function walletNetwork({ id, name, nativeCurrency, rpcUrls }: Chain): WalletNetwork {
  return { chainId: toHex(id), chainName: name, nativeCurrency, rpcUrls: rpcUrls.default.http }
}
