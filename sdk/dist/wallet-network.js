import { toHex } from 'viem';
/**
 * The parameter with which a page asks a wallet to add the devnet.
 * @example
 * await provider.request({ method: 'wallet_addEthereumChain', params: [walletNetwork(defineZkdevnet())] })
 */
export function walletNetwork({ id, name, nativeCurrency, rpcUrls }) {
    return { chainId: toHex(id), chainName: name, nativeCurrency, rpcUrls: rpcUrls.default.http };
}
