import { createPublicClient, createWalletClient, defineChain, http } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

/** viem clients for a running devnet; everything they need to know they ask it. */
export async function connect(url: string) {
  const probe = createPublicClient({ transport: http(url) })
  const chain = defineChain({
    id: await probe.getChainId(),
    name: 'zkdevnet',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const account = (addressIndex: number) =>
    mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex })
  const client = createPublicClient({ chain, transport: http(url), pollingInterval: 50 })
  const wallet = createWalletClient({ chain, transport: http(url), account: account(0) })
  return { chain, client, wallet, account }
}
