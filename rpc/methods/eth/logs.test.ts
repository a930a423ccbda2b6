import { beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex } from '../../../core/index.ts'
import { fakeContracts, loggedTopic } from '../../testing/fake-chain.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness, FakeConnection, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const topicOf = (address: string): string => `0x${address.slice(2).padStart(64, '0')}`

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

const emitLog = async (nonce: bigint, sender: (typeof testAddresses)[number] = alice) => {
  const raw = await signTransfer(sender, { nonce, to: fakeContracts.logger, data: Uint8Array.of(Number(nonce)) })
  return node.call('eth_sendRawTransaction', [bytesToHex(raw)])
}

describe('eth_getLogs', () => {
  it('filters by range, block, address and topics', async () => {
    await emitLog(0n)
    await emitLog(0n, bob)
    await emitLog(1n)
    const count = async (filter: unknown) => Object(await node.call('eth_getLogs', [filter])).length
    expect(await count({ fromBlock: 'earliest' })).toBe(3)
    expect(await count({})).toBe(1)
    expect(await count({ fromBlock: '0x1', toBlock: '0x2' })).toBe(2)
    expect(await count({ fromBlock: '0x2', toBlock: '0x99' })).toBe(2)
    expect(await count({ fromBlock: '0x98', toBlock: '0x99' })).toBe(0)
    expect(await count({ blockHash: node.chain.blockByNumber(2n)?.hash })).toBe(1)
    expect(await count({ fromBlock: '0x0', address: fakeContracts.logger })).toBe(3)
    expect(await count({ fromBlock: '0x0', address: [fakeContracts.echo] })).toBe(0)
    expect(await count({ fromBlock: '0x0', topics: [loggedTopic, topicOf(alice)] })).toBe(2)
    expect(await count({ fromBlock: '0x0', topics: [null, [topicOf(alice), topicOf(bob)]] })).toBe(3)
    expect(await count({ fromBlock: '0x0', topics: [[], null] })).toBe(3)
    expect(await count({ fromBlock: '0x0', topics: [null, null, null] })).toBe(0)
  })

  it('refuses what is unknown, inverted or too large', async () => {
    node = createHarness({ maxLogResults: 1, maxLogBlockRange: 10n })
    expect(await node.fail('eth_getLogs', [{ blockHash: `0x${'ee'.repeat(32)}` }])).toMatchObject({
      code: -32000,
      message: 'unknown block',
    })
    expect(await node.fail('eth_getLogs', [{ fromBlock: '0x2', toBlock: '0x1' }])).toMatchObject({ message: 'invalid block range params' })
    await emitLog(0n)
    await emitLog(1n)
    expect(await node.fail('eth_getLogs', [{ fromBlock: '0x0' }])).toMatchObject({
      code: -32000,
      message: 'query returned more than 1 results',
    })
    await node.call('hardhat_mine', [20])
    expect(await node.fail('eth_getLogs', [{ fromBlock: '0x0' }])).toMatchObject({
      code: -32602,
      message: expect.stringContaining('at most 10'),
    })
    expect(await node.fail('eth_getLogs', [{ topics: Array(5).fill(null) }])).toMatchObject({ code: -32602 })
  })
})

describe('filters', () => {
  it('of blocks tell of each new block once', async () => {
    const id = await node.call('eth_newBlockFilter')
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([])
    await node.call('hardhat_mine', [2])
    const hashes = [1n, 2n].map((number) => node.chain.blockByNumber(number)?.hash)
    expect(await node.call('eth_getFilterChanges', [id])).toEqual(hashes)
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([])
    expect(await node.fail('eth_getFilterLogs', [id])).toMatchObject({ message: 'filter not found' })
  })

  it('of logs tell of each new log once, and of all on request', async () => {
    await emitLog(0n)
    const id = await node.call('eth_newFilter', [{ fromBlock: '0x0', topics: [null, topicOf(alice)] }])
    await emitLog(1n)
    await emitLog(0n, bob)
    expect(await node.call('eth_getFilterChanges', [id])).toMatchObject([{ data: '0x01' }])
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([])
    expect(await node.call('eth_getFilterLogs', [id])).toMatchObject([{ data: '0x00' }, { data: '0x01' }])
  })

  it('of logs keep to their own range', async () => {
    const id = await node.call('eth_newFilter', [{ fromBlock: '0x2', toBlock: '0x2' }])
    for (const nonce of [0n, 1n, 2n]) await emitLog(nonce)
    expect(await node.call('eth_getFilterChanges', [id])).toMatchObject([{ blockNumber: '0x2' }])
  })

  it('of pending transactions tell of those that came in since', async () => {
    await node.call('evm_setAutomine', [false])
    const id = await node.call('eth_newPendingTransactionFilter')
    const hash = await emitLog(0n)
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([hash])
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([])
  })

  it('see the blocks that replace reverted ones', async () => {
    const snapshot = await node.call('evm_snapshot')
    await node.call('hardhat_mine', [3])
    const id = await node.call('eth_newBlockFilter')
    await node.call('evm_revert', [snapshot])
    await node.call('evm_mine', [1_800_000_000])
    expect(await node.call('eth_getFilterChanges', [id])).toEqual([node.chain.head().hash])
  })

  it('end when they are uninstalled or left alone', async () => {
    const [used, idle, gone] = [
      await node.call('eth_newBlockFilter'),
      await node.call('eth_newBlockFilter'),
      await node.call('eth_newBlockFilter'),
    ]
    expect(await node.call('eth_uninstallFilter', [gone])).toBe(true)
    expect(await node.call('eth_uninstallFilter', [gone])).toBe(false)
    node.clock.nowMs += 200_000
    await node.call('eth_getFilterChanges', [used])
    node.clock.nowMs += 200_000
    await node.call('eth_getFilterChanges', [used])
    expect(await node.fail('eth_getFilterChanges', [idle])).toMatchObject({ code: -32000, message: 'filter not found' })
  })

  it('are bounded in number', async () => {
    node = createHarness({ maxFilters: 2 })
    await node.call('eth_newBlockFilter')
    await node.call('eth_newFilter', [{}])
    expect(await node.fail('eth_newBlockFilter')).toMatchObject({ code: -32000, message: expect.stringContaining('at most 2') })
  })
})

describe('subscriptions', () => {
  it('need a WebSocket', async () => {
    expect(await node.fail('eth_subscribe', ['newHeads'])).toMatchObject({ code: -32601, message: 'notifications not supported' })
  })

  it('tell of heads, logs and pending transactions', async () => {
    const socket = new FakeConnection('websocket')
    const subscribe = (...params: unknown[]) => node.call('eth_subscribe', params, socket)
    const heads = await subscribe('newHeads')
    const logs = await subscribe('logs', { topics: [loggedTopic] })
    const hashes = await subscribe('newPendingTransactions')
    const full = await subscribe('newPendingTransactions', true)
    await subscribe('logs', { address: bob })
    const hash = await emitLog(0n)
    const { header, hash: blockHash } = node.chain.head()
    expect(socket.notifications).toMatchObject([
      { subscription: hashes, result: hash },
      { subscription: full, result: { hash, from: alice, blockHash: null } },
      { subscription: heads, result: { number: '0x1', hash: blockHash, parentHash: header.parentHash } },
      { subscription: logs, result: { transactionHash: hash, data: '0x00', removed: false } },
    ])
    expect(socket.notifications).toHaveLength(4)
  })

  it('end by request, by their own connection only, and with it', async () => {
    const [mine, other] = [new FakeConnection('websocket'), new FakeConnection('websocket')]
    const id = await node.call('eth_subscribe', ['newHeads'], mine)
    expect(await node.call('eth_unsubscribe', [id], other)).toBe(false)
    await node.call('evm_mine')
    expect(mine.notifications).toHaveLength(1)
    expect(await node.call('eth_unsubscribe', [id], mine)).toBe(true)
    await node.call('eth_subscribe', ['newHeads'], other)
    other.close()
    await node.call('evm_mine')
    expect([mine.notifications.length, other.notifications.length]).toEqual([1, 0])
  })

  it('are bounded per connection', async () => {
    node = createHarness({ maxSubscriptionsPerConnection: 1 })
    const socket = new FakeConnection('websocket')
    await node.call('eth_subscribe', ['newHeads'], socket)
    expect(await node.fail('eth_subscribe', ['newHeads'], socket)).toMatchObject({
      code: -32000,
      message: expect.stringContaining('at most 1'),
    })
  })
})
