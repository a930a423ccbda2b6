import { beforeEach, describe, expect, it } from 'vitest'
import { testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

const head = () => node.chain.head().header

describe('sealing', () => {
  it('happens on request, with the results of Hardhat and anvil', async () => {
    expect(await node.call('evm_mine')).toBe('0x0')
    expect(await node.call('evm_mine', [2_000_000_000])).toBe('0x0')
    expect(head()).toMatchObject({ number: 2n, timestamp: 2_000_000_000n })
    expect(await node.call('evm_mine', ['0x77359401'])).toBe('0x0')
    expect(await node.call('evm_mine', [{ blocks: 3, timestamp: 2_000_000_100 }])).toBe('0x0')
    expect(head()).toMatchObject({ number: 6n, timestamp: 2_000_000_102n })
    expect(await node.call('hardhat_mine', ['0x2', '0x3c'])).toBe(true)
    expect(head()).toMatchObject({ number: 8n, timestamp: 2_000_000_163n })
    expect(await node.call('anvil_mine', [2])).toBeNull()
    expect(await node.call('hardhat_mine')).toBe(true)
    expect(head().number).toBe(11n)
    expect(await node.call('hardhat_mine', ['0x0'])).toBe(true)
    expect(head().number).toBe(11n)
  })

  it('is automatic, by interval, or neither', async () => {
    for (const name of ['evm_getAutomine', 'hardhat_getAutomine', 'anvil_getAutomine']) expect(await node.call(name)).toBe(true)
    expect(await node.call('evm_setAutomine', [false])).toBe(true)
    expect(await node.call('evm_getAutomine')).toBe(false)
    expect(await node.call('evm_setIntervalMining', [1_500])).toBe(true)
    expect(node.chain.intervalMs()).toBe(1_500)
    expect(await node.call('anvil_setIntervalMining', ['0x2'])).toBeNull()
    expect(node.chain.intervalMs()).toBe(2_000)
    expect(await node.fail('evm_setIntervalMining', [3_000_000_000])).toMatchObject({ code: -32602 })
  })
})

describe('hardhat_metadata', () => {
  it('tells where the chain stands and from which block it comes', async () => {
    const genesis = head()
    const instanceId = node.chain.head().hash
    expect(genesis.number).toBe(0n)
    expect(await node.call('hardhat_metadata')).toMatchObject({ instanceId, latestBlockNumber: 0 })
    await node.call('evm_mine')
    expect(await node.call('hardhat_metadata')).toMatchObject({ instanceId, latestBlockNumber: 1, latestBlockHash: node.chain.head().hash })
  })
})

describe('time', () => {
  it('is shifted and set, with the results of Hardhat', async () => {
    expect(await node.call('evm_increaseTime', [60])).toBe('60')
    expect(await node.call('evm_increaseTime', ['0x3c'])).toBe('120')
    expect(await node.call('evm_setNextBlockTimestamp', [1_900_000_000])).toBe('1900000000')
    await node.call('evm_mine')
    expect(head().timestamp).toBe(1_900_000_000n)
  })

  it('may be set in milliseconds too', async () => {
    expect(await node.call('evm_setTime', [1_800_000_000])).toBe(100_000_000)
    await node.call('evm_mine')
    expect(head().timestamp).toBe(1_800_000_000n)
    expect(await node.call('evm_setTime', [1_800_000_100_500])).toBe(100_000_100)
    await node.call('evm_mine')
    expect(head().timestamp).toBe(1_800_000_100n)
  })

  it('does not go back', async () => {
    expect(await node.fail('evm_setNextBlockTimestamp', [5])).toMatchObject({ code: -32000, data: { code: 'TIMESTAMP_TOO_OLD' } })
  })
})

describe('snapshots', () => {
  it('are gone back to once', async () => {
    const id = await node.call('evm_snapshot')
    expect(id).toBe('0x1')
    const later = await node.call('evm_snapshot')
    await node.call('eth_sendTransaction', [{ from: alice, to: bob }])
    expect(await node.call('evm_revert', [id])).toBe(true)
    expect(await node.call('eth_blockNumber')).toBe('0x0')
    expect(await node.call('evm_revert', [id])).toBe(false)
    expect(await node.call('evm_revert', [later])).toBe(false)
  })
})
