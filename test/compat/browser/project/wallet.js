// What a wallet extension puts into every page: an EIP-1193 provider, announced by EIP-6963. It keeps the key out of the page
// (`signTransaction` is answered outside) and speaks to the network that it was told to add from inside the page.
;(() => {
  const networks = new Map()
  let current
  let accounts = []

  async function rpc(url, method, params = []) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = await response.json()
    if (error) throw Object.assign(new Error(error.message), error)
    return result
  }

  async function addNetwork({ chainId, chainName, nativeCurrency, rpcUrls }) {
    if (!chainName || nativeCurrency.decimals !== 18) throw Object.assign(new Error('invalid network'), { code: -32602 })
    const [url] = rpcUrls
    const answered = await rpc(url, 'eth_chainId')
    if (answered !== chainId) throw Object.assign(new Error(`the network says it is ${answered}, not ${chainId}`), { code: -32602 })
    networks.set(chainId, url)
    current = chainId
  }

  const methods = {
    wallet_addEthereumChain: async ([network]) => (await addNetwork(network), null),
    wallet_switchEthereumChain: ([{ chainId }]) => {
      if (!networks.has(chainId)) throw Object.assign(new Error('unrecognized chain'), { code: 4902 })
      current = chainId
      return null
    },
    eth_requestAccounts: async () => (accounts = [await window.walletAccount()]),
    eth_accounts: () => accounts,
    eth_chainId: () => current,
    eth_sendTransaction: async ([request]) => {
      const ask = (method, ...params) => rpc(networks.get(current), method, params)
      const [nonce, gas, gasPrice, tip] = await Promise.all([
        ask('eth_getTransactionCount', request.from, 'pending'),
        ask('eth_estimateGas', request),
        ask('eth_gasPrice'),
        ask('eth_maxPriorityFeePerGas'),
      ])
      return await ask('eth_sendRawTransaction', await window.walletSign({ ...request, chainId: current, nonce, gas, gasPrice, tip }))
    },
  }

  const provider = {
    request: async ({ method, params = [] }) => (methods[method] ? methods[method](params) : rpc(networks.get(current), method, params)),
  }
  const info = { uuid: crypto.randomUUID?.() ?? '0', name: 'Test Wallet', icon: 'data:image/svg+xml,', rdns: 'test.wallet' }
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
})()
