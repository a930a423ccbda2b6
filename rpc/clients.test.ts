import { createPublicClient, createTestClient, createWalletClient, http, type Log, parseAbi, parseEther, webSocket } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hex } from '../core/index.ts'
import { createNodeHandler } from './node-handler.ts'
import { fakeContracts, loggedTopic } from './testing/fake-chain.ts'
import { createFakeNode, type FakeNode, testAddresses, testKeys } from './testing/fake-node.ts'
import { TestSocket } from './testing/raw-client.ts'
import { type JsonRpcServer, startJsonRpcServer } from './transport/server.ts'

const [alice, bob] = testAddresses
const chain = {
  id: 313_372,
  name: 'zkdevnet',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [] } },
} as const

let node: FakeNode
let server: JsonRpcServer
beforeEach(async () => {
  node = createFakeNode()
  server = await startJsonRpcServer({ host: '127.0.0.1', port: 0, handler: createNodeHandler(node.deps), log: node.deps.log })
})
afterEach(() => server.close())

const publicClient = () => createPublicClient({ chain, transport: http(server.url, { batch: true }), pollingInterval: 10 })

describe('viem', () => {
  it('reads blocks, fees, balances and proofs', async () => {
    const client = publicClient()
    expect(await client.getChainId()).toBe(chain.id)
    expect(await client.getBalance({ address: alice })).toBe(parseEther('10000'))
    expect(await client.getBlock({ blockTag: 'pending', includeTransactions: true })).toMatchObject({ number: 1n, hash: null })
    expect(await client.getBlock()).toMatchObject({ number: 0n, transactions: [] })
    expect(await client.estimateFeesPerGas()).toMatchObject({ maxPriorityFeePerGas: 1_000_000_000n })
    expect((await client.getFeeHistory({ blockCount: 1, rewardPercentiles: [50] })).reward).toEqual([[0n]])
    expect((await client.getProof({ address: alice, storageKeys: [] })).balance).toBe(parseEther('10000'))
    await expect(client.getBlock({ blockNumber: 99n })).rejects.toThrow('could not be found')
  })

  it('sends with a local account and with an account of the node', async () => {
    const client = publicClient()
    for (const account of [privateKeyToAccount(testKeys[0]), bob]) {
      const wallet = createWalletClient({ account, chain, transport: http(server.url) })
      const hash = await wallet.sendTransaction({ to: fakeContracts.logger, value: 1n, data: '0xc0de' })
      const receipt = await client.waitForTransactionReceipt({ hash })
      expect(receipt).toMatchObject({ status: 'success', logs: [{ data: '0xc0de' }] })
      expect(await client.getTransaction({ hash })).toMatchObject({ type: 'eip1559', value: 1n, chainId: chain.id })
    }
    const wallet = createWalletClient({ account: alice, chain, transport: http(server.url) })
    const signature = await wallet.signMessage({ message: 'hello' })
    expect(await privateKeyToAccount(testKeys[0]).signMessage({ message: 'hello' })).toBe(signature)
    expect(await client.getLogs({ fromBlock: 0n, address: fakeContracts.logger })).toHaveLength(2)
  })

  it('understands reverts and refusals', async () => {
    const client = publicClient()
    const call = { address: fakeContracts.reverter, abi: parseAbi(['function f() view returns (uint256)']), functionName: 'f' } as const
    await expect(client.readContract(call)).rejects.toMatchObject({ name: 'ContractFunctionExecutionError', cause: { reason: 'nope' } })
    const wallet = createWalletClient({ account: privateKeyToAccount(testKeys[0]), chain, transport: http(server.url) })
    await wallet.sendTransaction({ to: bob })
    const low = wallet.sendTransaction({ to: bob, nonce: 0, gas: 21_000n, maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1n })
    await expect(low).rejects.toMatchObject({ cause: { name: 'NonceTooLowError' } })
  })

  // Both modes send evm_setIntervalMining, with Hardhat's milliseconds or anvil's seconds; the method is Hardhat's.
  it.each([
    ['hardhat', 2_000],
    ['anvil', 2],
  ] as const)('drives the chain in the mode %s', async (mode, intervalMs) => {
    const client = createTestClient({ chain, mode, transport: http(server.url) })
    const id = await client.snapshot()
    await client.setAutomine(false)
    expect(await client.getAutomine()).toBe(false)
    await client.mine({ blocks: 3, interval: 5 })
    await client.increaseTime({ seconds: 60 })
    await client.setNextBlockTimestamp({ timestamp: 1_900_000_000n })
    await client.mine({ blocks: 1 })
    expect(node.chain.head().header).toMatchObject({ number: 4n, timestamp: 1_900_000_000n })
    expect(await client.getTxpoolStatus()).toEqual({ pending: 0, queued: 0 })
    await client.setIntervalMining({ interval: 2 })
    expect(node.chain.intervalMs()).toBe(intervalMs)
    await client.revert({ id })
    expect(node.chain.head().header.number).toBe(0n)
  })

  it('watches over polled filters', async () => {
    const client = publicClient()
    let unwatch = (): void => undefined
    const seen = new Promise<readonly Log[]>((resolve) => {
      unwatch = client.watchEvent({ address: fakeContracts.logger, onLogs: resolve })
    })
    const wallet = createWalletClient({ account: alice, chain, transport: http(server.url) })
    // The filter begins with its first request, so events go on until one is seen.
    let done = false
    const logs = seen.finally(() => {
      done = true
    })
    while (!done) await wallet.sendTransaction({ to: fakeContracts.logger })
    expect((await logs)[0]).toMatchObject({ address: fakeContracts.logger })
    unwatch()
  })

  it('watches blocks, logs and pending transactions over a WebSocket', async () => {
    const transport = webSocket(server.url.replace('http', 'ws'), { reconnect: false })
    const client = createPublicClient({ chain, transport })
    const rpc = await client.transport.getRpcClient()
    const results: Hex[] = []
    const subscribed = await client.transport.subscribe({
      params: ['newHeads'],
      onData: (data) => results.push(data.result.number),
      onError: (error) => {
        throw error
      },
    })
    const wallet = createWalletClient({ account: alice, chain, transport })
    await wallet.sendTransaction({ to: bob })
    await expect.poll(() => results).toEqual(['0x1'])
    await subscribed.unsubscribe()
    await wallet.sendTransaction({ to: bob })
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(2n)
    expect(results).toEqual(['0x1'])
    rpc.close()
  })
})

describe('a WebSocket', () => {
  it('gets its notifications after the subscription’s id, in order', async () => {
    const socket = await TestSocket.connect(server.url)
    const subscription = Object(await socket.call('eth_subscribe', ['logs', { topics: [loggedTopic] }])).result
    const heads = Object(await socket.call('eth_subscribe', ['newHeads'])).result
    const send = JSON.stringify({
      jsonrpc: '2.0',
      id: 9,
      method: 'eth_sendTransaction',
      params: [{ from: alice, to: fakeContracts.logger }],
    })
    socket.send(`[${send},${send}]`)
    const messages = [await socket.next(), await socket.next(), await socket.next(), await socket.next(), await socket.next()]
    expect(messages).toMatchObject([
      { params: { subscription, result: { blockNumber: '0x1' } } },
      { params: { subscription: heads, result: { number: '0x1' } } },
      { params: { subscription, result: { blockNumber: '0x2' } } },
      { params: { subscription: heads, result: { number: '0x2' } } },
      [{ id: 9 }, { id: 9 }],
    ])
    socket.close()
  })
})
