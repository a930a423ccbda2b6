import { beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex } from '../../../core/index.ts'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const unknownHash = `0x${'ee'.repeat(32)}`

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

const send = async (nonce: bigint, to: Hex = bob) => {
  const raw = await signTransfer(alice, { nonce, to, value: 7n })
  const hash = await node.call('eth_sendRawTransaction', [bytesToHex(raw)])
  return { raw, hash }
}

describe('a sealed block', () => {
  it('is found by number, tag and hash, with hashes or whole transactions', async () => {
    const { hash } = await send(0n)
    const { hash: blockHash } = node.chain.head()
    const byNumber = await node.call('eth_getBlockByNumber', ['0x1', false])
    expect(byNumber).toMatchObject({ number: '0x1', hash: blockHash, transactions: [hash], uncles: [], difficulty: '0x0', size: '0x2d0' })
    expect(await node.call('eth_getBlockByNumber', ['latest'])).toEqual(byNumber)
    expect(await node.call('eth_getBlockByHash', [blockHash, false])).toEqual(byNumber)
    const full = await node.call('eth_getBlockByHash', [blockHash, true])
    const transaction = await node.call('eth_getTransactionByHash', [hash])
    expect(full).toEqual({ ...Object(byNumber), transactions: [transaction] })
    expect(transaction).toMatchObject({
      blockHash,
      blockNumber: '0x1',
      transactionIndex: '0x0',
      from: alice,
      to: bob,
      type: '0x2',
      value: '0x7',
      chainId: '0x4c81c',
    })
  })

  it('has its deposits as withdrawals', async () => {
    node.chain.withdrawals = [{ index: 3n, validatorIndex: 0n, address: bob, amountGwei: 1_000n }]
    await node.call('evm_mine')
    expect(await node.call('eth_getBlockByNumber', ['latest', true])).toMatchObject({
      withdrawals: [{ index: '0x3', validatorIndex: '0x0', address: bob, amount: '0x3e8' }],
    })
  })

  it('follows the tags of the rollup', async () => {
    await node.call('hardhat_mine', [4])
    node.chain.safeNumber = 3n
    node.chain.finalizedNumber = 2n
    node.chain.historyStartNumber = 1n
    const number = async (tag: string) => Object(await node.call('eth_getBlockByNumber', [tag])).number
    expect(await Promise.all(['latest', 'safe', 'finalized', 'earliest'].map(number))).toEqual(['0x4', '0x3', '0x2', '0x1'])
    expect(await node.call('eth_blockNumber')).toBe('0x4')
  })

  it('that does not exist is null', async () => {
    for (const [method, params] of [
      ['eth_getBlockByNumber', ['0x9', true]],
      ['eth_getBlockByHash', [unknownHash]],
      ['eth_getBlockTransactionCountByNumber', ['0x9']],
      ['eth_getBlockTransactionCountByHash', [unknownHash]],
      ['eth_getUncleCountByBlockNumber', ['0x9']],
      ['eth_getUncleCountByBlockHash', [unknownHash]],
      ['eth_getBlockReceipts', ['0x9']],
      ['eth_getTransactionByBlockHashAndIndex', [unknownHash, '0x0']],
      ['eth_getTransactionByBlockNumberAndIndex', ['latest', '0x0']],
      ['eth_getTransactionByHash', [unknownHash]],
      ['eth_getRawTransactionByHash', [unknownHash]],
      ['eth_getTransactionReceipt', [unknownHash]],
    ] as const) {
      expect(await node.call(method, params), method).toBeNull()
    }
  })

  it('has counts, and no uncles', async () => {
    await send(0n)
    const { hash } = node.chain.head()
    expect(await node.call('eth_getBlockTransactionCountByHash', [hash])).toBe('0x1')
    expect(await node.call('eth_getBlockTransactionCountByNumber', ['latest'])).toBe('0x1')
    expect(await node.call('eth_getUncleCountByBlockHash', [hash])).toBe('0x0')
    expect(await node.call('eth_getUncleCountByBlockNumber', ['latest'])).toBe('0x0')
    expect(await node.call('eth_getUncleByBlockHashAndIndex', [hash, '0x0'])).toBeNull()
    expect(await node.call('eth_getUncleByBlockNumberAndIndex', ['latest', '0x0'])).toBeNull()
  })
})

describe('a transaction', () => {
  it('is found by its place, raw, and with its receipt', async () => {
    const { raw, hash } = await send(0n, fakeContracts.logger)
    const { hash: blockHash } = node.chain.head()
    const transaction = await node.call('eth_getTransactionByHash', [hash])
    expect(await node.call('eth_getTransactionByBlockHashAndIndex', [blockHash, '0x0'])).toEqual(transaction)
    expect(await node.call('eth_getTransactionByBlockNumberAndIndex', ['0x1', '0x0'])).toEqual(transaction)
    expect(await node.call('eth_getRawTransactionByHash', [hash])).toBe(bytesToHex(raw))
    const receipt = await node.call('eth_getTransactionReceipt', [hash])
    expect(receipt).toMatchObject({
      status: '0x1',
      gasUsed: '0x5208',
      effectiveGasPrice: '0x77359400',
      logs: [{ logIndex: '0x0', blockTimestamp: '0x6553f101' }],
    })
    expect(await node.call('eth_getBlockReceipts', ['latest'])).toEqual([receipt])
    expect(await node.call('eth_getBlockReceipts', [{ blockHash }])).toEqual([receipt])
  })

  it('shows the price that it paid, once it is sealed', async () => {
    await node.call('evm_setAutomine', [false])
    const { hash } = await send(0n)
    expect(await node.call('eth_getTransactionByHash', [hash])).toMatchObject({ blockHash: null, gasPrice: '0xb2d05e00' })
    expect(await node.call('eth_getTransactionReceipt', [hash])).toBeNull()
    await node.call('evm_mine')
    expect(await node.call('eth_getTransactionByHash', [hash])).toMatchObject({ blockNumber: '0x1', gasPrice: '0x77359400' })
  })
})

describe('the pending block', () => {
  it('is the next one, with what the pool can execute', async () => {
    await node.call('evm_setAutomine', [false])
    const { hash } = await send(0n)
    await send(2n)
    const pending = await node.call('eth_getBlockByNumber', ['pending', false])
    expect(pending).toMatchObject({
      number: '0x1',
      hash: null,
      nonce: null,
      miner: null,
      parentHash: node.chain.head().hash,
      transactions: [hash],
    })
    expect(await node.call('eth_getBlockByNumber', ['pending', true])).toMatchObject({ transactions: [{ hash, blockHash: null }] })
    expect(await node.call('eth_getBlockTransactionCountByNumber', ['pending'])).toBe('0x1')
    expect(await node.call('eth_getTransactionByBlockNumberAndIndex', ['pending', '0x0'])).toMatchObject({ hash })
    expect(await node.call('eth_getTransactionByBlockNumberAndIndex', ['pending', '0x1'])).toBeNull()
  })
})
