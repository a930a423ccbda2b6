import { beforeEach, describe, expect, it } from 'vitest'
import { testAddresses, testBatch, testWord } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice] = testAddresses

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

describe('batches', () => {
  it('are numbered by the status that they have reached', async () => {
    node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'committed'), testBatch(3n, 'sealed'))
    expect(await node.call('zkdevnet_batchNumber')).toBe('0x3')
    expect(await node.call('zkdevnet_batchNumber', ['committed'])).toBe('0x2')
    expect(await node.call('zkdevnet_batchNumber', ['executed'])).toBe('0x1')
    expect(await node.fail('zkdevnet_batchNumber', ['lost'])).toMatchObject({ code: -32602 })
  })

  it('are shown with their L1 transactions, and null where there is none', async () => {
    node.batches.list.push(testBatch(1n, 'committed'), testBatch(2n, 'sealed'))
    expect(await node.call('zkdevnet_getBatch', ['0x1'])).toMatchObject({
      status: 'committed',
      proofType: 'attested',
      commit: { txHash: testWord(9), gasUsed: '0x33450' },
      prove: null,
      provingMs: '0xd',
    })
    expect(await node.call('zkdevnet_getBatch', ['0x2'])).toMatchObject({ status: 'sealed', commit: null, provingMs: null })
    expect(await node.call('zkdevnet_getBatch', ['0x3'])).toBeNull()
    expect(await node.call('zkdevnet_getStateDiff', ['0x1'])).toBe('0x0101')
    expect(await node.call('zkdevnet_getStateDiff', ['0x3'])).toBeNull()
  })

  it('are listed from a number on, or the newest', async () => {
    for (let number = 1n; number <= 150n; number++) node.batches.list.push(testBatch(number, 'sealed'))
    const numbers = async (...params: unknown[]) => {
      const list = await node.call('zkdevnet_listBatches', params)
      return Array.isArray(list) ? list.map((batch) => Number(Object(batch).number)) : []
    }
    expect(await numbers(5, 2)).toEqual([5, 6])
    expect(await numbers(null, 2)).toEqual([149, 150])
    expect((await numbers()).length).toBe(100)
    expect((await numbers(1, 1_000)).length).toBe(100)
    expect(await numbers(1, 0)).toEqual([])
  })

  it('are sealed on request', async () => {
    expect(await node.call('zkdevnet_sealBatch')).toBeNull()
    await node.call('evm_mine')
    expect(await node.call('zkdevnet_sealBatch')).toBe('0x1')
  })
})

describe('messages and deposits', () => {
  it('have proofs once their batch is sealed', async () => {
    const hash = testWord(77)
    expect(await node.call('zkdevnet_getMessageProofs', [hash])).toBeNull()
    const message = {
      batchNumber: 1n,
      id: 0,
      txNumberInBatch: 2,
      sender: alice,
      message: Uint8Array.of(1),
      proof: [testWord(1)],
      root: testWord(2),
    }
    node.batches.proofs.set(testWord(77), [message])
    expect(await node.call('zkdevnet_getMessageProofs', [hash])).toEqual([
      { batchNumber: '0x1', id: '0x0', txNumberInBatch: '0x2', sender: alice, message: '0x01', proof: [testWord(1)], root: testWord(2) },
    ])
  })

  it('tell where a deposit was credited', async () => {
    expect(await node.call('zkdevnet_getDeposit', ['0x0'])).toMatchObject({ amountGwei: '0x5', credited: true, l2BlockNumber: '0x1' })
    expect(await node.call('zkdevnet_getDeposit', ['0x1'])).toMatchObject({ credited: false, l2BlockNumber: null })
    expect(await node.call('zkdevnet_getDeposit', ['0x2'])).toBeNull()
  })
})

describe('the guest’s cycles', () => {
  it('are told of checked batches and of their transactions', async () => {
    node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'sealed'))
    expect(await node.call('zkdevnet_getBatch', ['0x1'])).toMatchObject({ cycles: '0x3e8', weightedCycles: '0x7d0' })
    expect(await node.call('zkdevnet_getBatch', ['0x2'])).toMatchObject({ cycles: null, weightedCycles: null })
    expect(await node.call('zkdevnet_getTransactionCycles', [testWord(1)])).toEqual({
      batch: '0x1',
      cycles: '0x1f4',
      weightedCycles: '0x2bc',
    })
    expect(await node.call('zkdevnet_getTransactionCycles', [testWord(2)])).toBeNull()
  })
})

describe('proofs', () => {
  it('that failed are tried again on demand', async () => {
    expect(await node.call('zkdevnet_retryProof', ['0x2'])).toBe(true)
    expect(await node.fail('zkdevnet_retryProof', ['0x3'])).toMatchObject({ code: -32000, data: { code: 'BATCH_NOT_FOUND' } })
  })
})

describe('the execution witness', () => {
  it('is told of the block that a tag, number or hash names', async () => {
    await node.call('hardhat_mine', [3])
    const witness = { state: ['0xc0'], codes: [], keys: ['0x03'], headers: ['0xc180'] }
    expect(await node.call('debug_executionWitness', ['latest'])).toEqual(witness)
    expect(await node.call('debug_executionWitness', ['0x3'])).toEqual(witness)
    expect(await node.call('debug_executionWitness', [node.chain.head().hash])).toEqual(witness)
    expect(await node.fail('debug_executionWitness', ['0x9'])).toMatchObject({ code: -32000, message: 'block #9 not found' })
  })
})

describe('the node', () => {
  it('describes itself', async () => {
    expect(await node.call('zkdevnet_nodeInfo')).toMatchObject({ version: '0.1.0', l2ChainId: '0x4c81c', proofType: 'attested' })
    expect(await node.call('web3_clientVersion')).toBe('zksync-compatible/zkdevnet/0.1.0')
    expect(await node.call('net_version')).toBe('313372')
    expect(await node.call('net_listening')).toBe(true)
    expect(await node.call('net_peerCount')).toBe('0x0')
    expect(await node.call('eth_chainId')).toBe('0x4c81c')
    expect(await node.call('eth_syncing')).toBe(false)
    expect(await node.call('eth_mining')).toBe(false)
    expect(await node.call('eth_hashrate')).toBe('0x0')
    expect(await node.call('eth_protocolVersion')).toBe('0x44')
    expect(await node.call('eth_coinbase')).toMatch(/^0x/)
    expect(await node.call('web3_sha3', ['0x'])).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  })

  it('reports where it stands', async () => {
    node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'sealed'))
    await node.call('hardhat_mine', [3])
    node.chain.safeNumber = 1n
    expect(await node.call('zkdevnet_status')).toMatchObject({
      blocks: { latest: '0x3', safe: '0x1', finalized: '0x0', historyStart: '0x0' },
      batches: { sealed: '0x2', committed: '0x1', proven: '0x1', executed: '0x1' },
      openBatch: { lastBlock: null },
      pool: { pending: '0x0', queued: '0x0' },
      l1: { reachable: true, blockNumber: '0xc', upgrade: null },
      settlement: { state: 'running', error: null, inFlight: null },
      automine: true,
    })
  })
})
