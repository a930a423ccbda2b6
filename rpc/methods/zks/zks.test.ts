import { beforeEach, describe, expect, it } from 'vitest'
import { type Hex, predeploys } from '../../../core/index.ts'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { testAddresses, testBatch, testWord } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const zeroAddress = `0x${'0'.repeat(40)}`
const stepTime = '2023-11-14T22:15:00.000Z'

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

async function send(to: Hex = bob): Promise<unknown> {
  return await node.call('eth_sendTransaction', [{ from: alice, to, gas: '0xffff', data: '0x1234', value: '0x1' }])
}

describe('batches', () => {
  it('are counted and have their blocks', async () => {
    expect(await node.call('zks_L1BatchNumber')).toBe('0x0')
    node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'sealed'))
    expect(await node.call('zks_L1BatchNumber')).toBe('0x2')
    expect(await node.call('zks_getL1BatchBlockRange', [2])).toEqual(['0x2', '0x2'])
    expect(await node.call('zks_getL1BatchBlockRange', [3])).toBeNull()
  })

  it('are sealed until L1 has executed them', async () => {
    node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'sealed'))
    expect(await node.call('zks_getL1BatchDetails', [1])).toMatchObject({
      number: 1,
      timestamp: 1_700_000_000,
      rootHash: testWord(2),
      status: 'verified',
      commitTxHash: testWord(9),
      committedAt: stepTime,
      proveTxHash: null,
    })
    expect(await node.call('zks_getL1BatchDetails', [2])).toMatchObject({ status: 'sealed', commitTxHash: null, committedAt: null })
    expect(await node.call('zks_getL1BatchDetails', [3])).toBeNull()
  })
})

describe('blocks and transactions', () => {
  it('show their batch, or the open one', async () => {
    await send()
    await send()
    node.batches.list.push(testBatch(1n, 'executed'))
    const operatorAddress = await node.call('eth_coinbase')
    expect(await node.call('zks_getBlockDetails', [1])).toMatchObject({ number: 1, l1BatchNumber: 1, l2TxCount: 1, status: 'verified' })
    expect(await node.call('zks_getBlockDetails', [2])).toMatchObject({
      l1BatchNumber: 1,
      commitTxHash: null,
      status: 'sealed',
      operatorAddress,
    })
    expect(await node.call('zks_getBlockDetails', [9])).toBeNull()
  })

  it('pass from pending to included to verified, or fail', async () => {
    await node.call('evm_setAutomine', [false])
    const hash = await send()
    const failing = await send(fakeContracts.reverter)
    const status = async (of: unknown) => Object(await node.call('zks_getTransactionDetails', [of])).status
    expect(await status(hash)).toBe('pending')
    await node.call('evm_mine')
    expect([await status(hash), await status(failing)]).toEqual(['included', 'failed'])
    node.batches.list.push(testBatch(1n, 'executed'))
    expect(await node.call('zks_getTransactionDetails', [hash])).toMatchObject({
      status: 'verified',
      fee: '0x2632e314a000',
      initiatorAddress: alice,
      ethCommitTxHash: testWord(9),
    })
    expect(await status(failing)).toBe('failed')
    expect(await node.call('zks_getTransactionDetails', [testWord(1)])).toBeNull()
  })

  it('carry the fields of their batch once it is sealed', async () => {
    const hash = await send(fakeContracts.logger)
    const open = { l1BatchNumber: null, l1BatchTxIndex: null }
    expect(await node.call('eth_getTransactionByHash', [hash])).toMatchObject(open)
    expect(await node.call('eth_getTransactionReceipt', [hash])).toMatchObject({ ...open, l2ToL1Logs: [], logs: [{ l1BatchNumber: null }] })
    expect(await node.call('eth_getBlockByNumber', ['latest'])).toMatchObject({ l1BatchNumber: null, l1BatchTimestamp: null })
    node.batches.list.push(testBatch(1n, 'sealed'))
    const sealed = { l1BatchNumber: '0x1', l1BatchTxIndex: '0x3' }
    expect(await node.call('eth_getTransactionByHash', [hash])).toMatchObject(sealed)
    expect(await node.call('eth_getTransactionReceipt', [hash])).toMatchObject({
      ...sealed,
      logs: [{ l1BatchNumber: '0x1', transactionLogIndex: '0x0', logType: null }],
    })
    expect(await node.call('eth_getBlockReceipts', ['0x1'])).toMatchObject([sealed])
    expect(await node.call('eth_getTransactionByBlockNumberAndIndex', ['0x1', '0x0'])).toMatchObject(sealed)
    const block = { l1BatchNumber: '0x1', l1BatchTimestamp: '0x6553f100' }
    expect(await node.call('eth_getBlockByNumber', ['0x1', true])).toMatchObject({ ...block, transactions: [sealed] })
    const { hash: blockHash } = Object(await node.call('eth_getBlockByNumber', ['0x1']))
    expect(await node.call('eth_getBlockByHash', [blockHash])).toMatchObject(block)
    expect(await node.call('eth_getTransactionByBlockHashAndIndex', [blockHash, '0x0'])).toMatchObject(sealed)
    expect(await node.call('eth_getBlockByNumber', ['pending'])).toMatchObject({ l1BatchNumber: null })
  })

  it('are shown as zkSync stores them', async () => {
    const hash = await send()
    const [raw] = Object(await node.call('zks_getRawBlockTransactions', [1]))
    expect(raw).toMatchObject({
      common_data: { L2: { nonce: 0, initiatorAddress: alice, transactionType: 'EIP1559Transaction', input: { hash } } },
      execute: { contractAddress: bob, calldata: '0x1234', value: '0x1' },
    })
    expect(raw.common_data.L2.signature).toHaveLength(65)
    expect(await node.call('zks_getRawBlockTransactions', [9])).toEqual([])
  })
})

describe('messages', () => {
  it('have a proof by their place in the transaction', async () => {
    const message = {
      batchNumber: 1n,
      txNumberInBatch: 2,
      sender: alice,
      message: Uint8Array.of(1),
      proof: [testWord(1)],
      root: testWord(2),
    }
    node.batches.proofs.set(testWord(77), [
      { ...message, id: 4 },
      { ...message, id: 5 },
    ])
    const proof = { proof: [testWord(1)], root: testWord(2) }
    expect(await node.call('zks_getL2ToL1LogProof', [testWord(77)])).toEqual({ id: 4, ...proof })
    expect(await node.call('zks_getL2ToL1LogProof', [testWord(77), 1])).toEqual({ id: 5, ...proof })
    expect(await node.call('zks_getL2ToL1LogProof', [testWord(77), 2])).toBeNull()
    expect(await node.call('zks_getL2ToL1LogProof', [testWord(78), null])).toBeNull()
  })
})

describe('the rollup', () => {
  it('names its contracts, and none that it lacks', async () => {
    const { rollup, bridge } = node.deps.info().contracts
    expect(await node.call('zks_L1ChainId')).toBe('0x7a69')
    expect(await node.call('zks_getMainContract')).toBe(rollup)
    expect(await node.call('zks_getBridgehubContract')).toBe(zeroAddress)
    expect(await node.call('zks_getBaseTokenL1Address')).toBe(`0x${'1'.padStart(40, '0')}`)
    expect(await node.call('zks_getTestnetPaymaster')).toBeNull()
    expect(await node.call('zks_getBridgeContracts')).toMatchObject({ l1SharedDefaultBridge: bridge, l2SharedDefaultBridge: zeroAddress })
  })

  it("takes Ethereum's fees, and nothing for deposits", async () => {
    expect(await node.call('zks_gasPerPubdata')).toBe('0x0')
    expect(await node.call('zks_estimateFee', [{ from: alice, to: fakeContracts.echo, data: '0x01' }])).toEqual({
      gas_limit: '0x55f0',
      gas_per_pubdata_limit: '0x0',
      max_fee_per_gas: '0xb2d05e00',
      max_priority_fee_per_gas: '0x3b9aca00',
    })
    expect(await node.fail('zks_estimateFee', [{ from: alice, to: fakeContracts.reverter }])).toMatchObject({ code: 3 })
    expect(await node.call('zks_estimateGasL1ToL2', [{ from: alice, to: bob, value: '0x1', data: '0x' }])).toBe('0x0')
    expect(await node.fail('zks_estimateGasL1ToL2', [{ from: alice, to: predeploys.messenger, data: '0x01' }])).toMatchObject({
      code: -32000,
    })
    expect(await node.call('zks_getAllAccountBalances', [alice])).toEqual({ [zeroAddress]: await node.call('eth_getBalance', [alice]) })
  })
})
