import { beforeAll, describe, expect, it } from 'vitest'
import type { CallFrame, FlatFrame, Hex } from '../../core/index.ts'
import { account, testCoinbase } from '../../sequencer/testing/test-chain.ts'
import { countCode, initCode, storeCode } from '../../stf/testing/contracts.ts'
import { type RpcOnChain, startRpcOnChain, wordsOf } from '../testing/rpc-on-chain.ts'

const alice = account(0)
const bob = account(1)
const counter: Hex = '0x00000000000000000000000000000000000c0de0'
const forwarder: Hex = '0x00000000000000000000000000000000000c0de1'
const factory: Hex = '0x00000000000000000000000000000000000c0de2'
const destroyer: Hex = '0x00000000000000000000000000000000000c0de3'
const stranger: Hex = '0x000000000000000000000000000000000057a9e5'
const predeploys = [
  { address: counter, code: countCode },
  // Copies its calldata and CALLs the counter with 1 wei and all its gas.
  { address: forwarder, code: `0x60405f5f375f5f60405f600173${counter.slice(2)}5af15000` },
  // CREATEs a contract from its calldata.
  { address: factory, code: '0x365f5f37365f5ff05f5260205ff3' },
  { address: destroyer, code: `0x73${stranger.slice(2)}ff` },
] as const satisfies readonly { address: Hex; code: Hex }[]

type Flat = FlatFrame & { readonly action: Record<string, Hex> }

describe('trace_* and ots_*', () => {
  let rpc: RpcOnChain
  const hashes: Record<'transfer' | 'forward' | 'revert' | 'create' | 'deploy' | 'destroy', Hex> = {
    ...{ transfer: '0x', forward: '0x', revert: '0x', create: '0x', deploy: '0x', destroy: '0x' },
  }

  beforeAll(async () => {
    rpc = await startRpcOnChain({ predeploys, sealing: { automine: false } })
    // Block 1: two at once; then one each.
    hashes.transfer = await rpc.send({ from: alice, nonce: 0, to: bob.address, value: 5n })
    hashes.forward = await rpc.send({ from: bob, nonce: 0, to: forwarder, data: wordsOf(4n, 0n), value: 9n })
    await rpc.chain.sealing.mine()
    hashes.revert = await rpc.send({ from: alice, nonce: 1, to: counter, data: wordsOf(1n, 1n) })
    await rpc.chain.sealing.mine()
    hashes.create = await rpc.send({ from: alice, nonce: 2, to: factory, data: initCode(storeCode), gasLimit: 500_000n })
    await rpc.chain.sealing.mine()
    hashes.deploy = await rpc.send({ from: bob, nonce: 1, to: undefined, data: initCode(countCode), gasLimit: 500_000n })
    await rpc.chain.sealing.mine()
    hashes.destroy = await rpc.send({ from: alice, nonce: 3, to: destroyer, value: 3n })
    await rpc.chain.sealing.mine()
    await rpc.chain.sealing.mine({ blocks: 3 })
  })

  const created = async () => (await rpc.call<CallFrame>('debug_traceTransaction', hashes.create, { tracer: 'callTracer' })).calls?.[0]?.to

  it('agree with each other and with the call tracer', async () => {
    const flat = await rpc.call<Flat[]>('trace_transaction', hashes.forward)
    expect(flat.map(({ traceAddress }) => traceAddress)).toEqual([[], [0]])
    expect(flat[1]).toMatchObject({
      type: 'call',
      action: { from: forwarder, to: counter, value: '0x1' },
      transactionPosition: 1,
      blockNumber: 1,
    })
    const block = await rpc.call<Flat[]>('trace_block', '0x1')
    expect(block).toEqual([...(await rpc.call<Flat[]>('trace_transaction', hashes.transfer)), ...flat])
    expect(await rpc.call('trace_get', hashes.forward, ['0x0'])).toEqual(flat[1])
    expect(await rpc.call('trace_get', hashes.forward, ['0x5'])).toBeNull()
    const replayed = await rpc.call<{ transactionHash: Hex; trace: Flat[]; output: Hex }[]>('trace_replayBlockTransactions', '0x1', [
      'trace',
    ])
    expect(replayed.map(({ transactionHash }) => transactionHash)).toEqual([hashes.transfer, hashes.forward])
    expect(replayed[1]?.trace.map(({ action }) => action)).toEqual(flat.map(({ action }) => action))
    expect(replayed[1]?.trace[0]).not.toHaveProperty('blockHash')
  })

  it('know nothing of what is not there', async () => {
    const unknown = `0x${'ee'.repeat(32)}`
    expect(await rpc.call('trace_transaction', unknown)).toBeNull()
    expect(await rpc.call('trace_block', '0x999')).toBeNull()
    expect(await rpc.call('trace_block', '0x0')).toEqual([])
    await expect(rpc.call('trace_replayTransaction', unknown, ['trace'])).rejects.toMatchObject({
      rpcCode: -32000,
      message: 'transaction not found',
    })
    await expect(rpc.call('trace_call', {}, ['vmTrace'])).rejects.toMatchObject({
      rpcCode: -32000,
      message: expect.stringContaining('vmTrace'),
    })
    await expect(rpc.call('debug_traceBlockByNumber', '0x0')).rejects.toMatchObject({ message: 'genesis is not traceable' })
  })

  it('show failures, creations and destructions as Parity does', async () => {
    expect(await rpc.call<Flat[]>('trace_transaction', hashes.revert)).toMatchObject([{ error: 'Reverted', subtraces: 0 }])
    const address = await created()
    expect(await rpc.call<Flat[]>('trace_transaction', hashes.create)).toMatchObject([
      { type: 'call' },
      { type: 'create', action: { from: factory, init: initCode(storeCode) }, result: { address, code: storeCode } },
    ])
    expect(await rpc.call<Flat[]>('trace_transaction', hashes.destroy)).toMatchObject([
      { subtraces: 1 },
      { type: 'suicide', action: { address: destroyer, refundAddress: stranger, balance: '0x3' } },
    ])
  })

  it('tell what changed in the state', async () => {
    const { stateDiff, trace } = await rpc.call<{ stateDiff: Record<Hex, Record<string, unknown>>; trace: unknown[] }>(
      'trace_replayTransaction',
      hashes.forward,
      ['stateDiff'],
    )
    expect(trace).toEqual([])
    expect(stateDiff[counter]).toEqual({
      balance: { '*': { from: '0x0', to: '0x1' } },
      code: '=',
      nonce: '=',
      storage: { [wordsOf(4n)]: { '*': { from: wordsOf(0n), to: wordsOf(1n) } } },
    })
    expect(stateDiff[bob.address]).toMatchObject({ nonce: { '*': { from: '0x0', to: '0x1' } } })
    expect(Object.keys(stateDiff).sort()).toEqual([bob.address, counter, forwarder, testCoinbase].sort())
    const call = await rpc.call<{ stateDiff: Record<Hex, unknown>; output: Hex }>(
      'trace_call',
      { from: bob.address, to: stranger, value: '0x7' },
      ['stateDiff', 'trace'],
    )
    expect(call.stateDiff[stranger]).toMatchObject({ balance: { '*': { from: '0x3', to: '0xa' } } })
  })

  it('find calls by the addresses at both ends', async () => {
    const all = { fromBlock: '0x0', toBlock: 'latest' }
    const find = async (filter: object) =>
      (await rpc.call<Flat[]>('trace_filter', { ...all, ...filter })).map(({ transactionHash }) => transactionHash)
    expect(await find({ toAddress: [counter] })).toEqual([hashes.forward, hashes.revert])
    expect(await find({ fromAddress: [forwarder] })).toEqual([hashes.forward])
    expect(await find({ fromAddress: [bob.address], toAddress: [counter] })).toEqual([])
    expect(await find({ fromAddress: [bob.address], toAddress: [counter], mode: 'union' })).toEqual([
      hashes.forward,
      hashes.forward,
      hashes.revert,
      hashes.deploy,
    ])
    const everything = await find({})
    expect(everything).toHaveLength(9)
    expect(await find({ after: 2, count: 3 })).toEqual(everything.slice(2, 5))
    await expect(find({ fromBlock: '0x5', toBlock: '0x1' })).rejects.toMatchObject({ rpcCode: -32602 })
  })

  it('find the transactions of an address, also in calls between contracts, by pages', async () => {
    const search = async (direction: 'Before' | 'After', address: Hex, block: number, size = 25) => {
      const page = await rpc.call<{
        txs: { hash: Hex }[]
        receipts: { transactionHash: Hex; timestamp: number }[]
        firstPage: boolean
        lastPage: boolean
      }>(`ots_searchTransactions${direction}`, address, block, size)
      expect(page.receipts.map(({ transactionHash }) => transactionHash)).toEqual(page.txs.map(({ hash }) => hash))
      return { hashes: page.txs.map(({ hash }) => hash), firstPage: page.firstPage, lastPage: page.lastPage }
    }
    expect(await search('Before', counter, 0)).toEqual({ hashes: [hashes.revert, hashes.forward], firstPage: true, lastPage: true })
    expect(await search('Before', alice.address, 0, 2)).toEqual({
      hashes: [hashes.destroy, hashes.create],
      firstPage: true,
      lastPage: false,
    })
    expect(await search('Before', alice.address, 3, 2)).toEqual({
      hashes: [hashes.revert, hashes.transfer],
      firstPage: false,
      lastPage: false,
    })
    expect(await search('Before', alice.address, 1, 2)).toEqual({ hashes: [], firstPage: false, lastPage: true })
    expect(await search('After', alice.address, 0, 2)).toEqual({
      hashes: [hashes.revert, hashes.transfer],
      firstPage: false,
      lastPage: true,
    })
    expect(await search('After', alice.address, 2, 5)).toEqual({
      hashes: [hashes.destroy, hashes.create],
      firstPage: true,
      lastPage: false,
    })
    expect((await search('Before', stranger, 0)).hashes).toEqual([hashes.destroy])
  })

  it('find the creator of a contract, and a transaction by sender and nonce', async () => {
    const address = await created()
    expect(await rpc.call('ots_getContractCreator', address)).toEqual({ hash: hashes.create, creator: factory })
    const receipt = await rpc.call<{ contractAddress: Hex }>('eth_getTransactionReceipt', hashes.deploy)
    expect(await rpc.call('ots_getContractCreator', receipt.contractAddress)).toEqual({ hash: hashes.deploy, creator: bob.address })
    expect(await rpc.call('ots_getContractCreator', counter)).toBeNull()
    expect(await rpc.call('ots_getContractCreator', stranger)).toBeNull()
    expect(await rpc.call('ots_hasCode', address, 'latest')).toBe(true)
    expect(await rpc.call('ots_hasCode', address, '0x1')).toBe(false)
    for (const [nonce, hash] of [hashes.transfer, hashes.revert, hashes.create, hashes.destroy].entries()) {
      expect(await rpc.call('ots_getTransactionBySenderAndNonce', alice.address, nonce)).toBe(hash)
    }
    expect(await rpc.call('ots_getTransactionBySenderAndNonce', alice.address, 4)).toBeNull()
    expect(await rpc.call('ots_getTransactionBySenderAndNonce', counter, 0)).toBeNull()
  })

  it('show blocks, operations and errors as Otterscan wants them', async () => {
    const details = await rpc.call<{ block: object; totalFees: Hex }>('ots_getBlockDetails', 1)
    expect(details.block).toMatchObject({ number: '0x1', transactionCount: 2, logsBloom: null })
    expect(details.block).not.toHaveProperty('transactions')
    const receipts = rpc.chain.store.receipts(1n)
    expect(BigInt(details.totalFees)).toBe(receipts.reduce((sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice, 0n))
    expect(await rpc.call('ots_getBlockDetailsByHash', rpc.chain.store.blockByNumber(1n)?.hash)).toEqual(details)
    const page = await rpc.call<{ fullblock: { transactions: { hash: Hex; input: Hex }[] }; receipts: { logs: null }[] }>(
      'ots_getBlockTransactions',
      1,
      0,
      1,
    )
    expect(page.fullblock.transactions).toMatchObject([{ hash: hashes.forward, input: '0x00000000' }])
    expect(page.receipts).toMatchObject([{ transactionHash: hashes.forward, logs: null, timestamp: expect.any(Number) }])
    expect((await rpc.call<typeof page>('ots_getBlockTransactions', 1, 1, 1)).fullblock.transactions).toMatchObject([
      { hash: hashes.transfer },
    ])
    expect((await rpc.call<typeof page>('ots_getBlockTransactions', 1, 2, 1)).fullblock.transactions).toEqual([])
    expect(await rpc.call('ots_getInternalOperations', hashes.forward)).toEqual([{ type: 0, from: forwarder, to: counter, value: '0x1' }])
    expect(await rpc.call('ots_getInternalOperations', hashes.create)).toMatchObject([{ type: 2, from: factory, to: await created() }])
    expect(await rpc.call('ots_getInternalOperations', hashes.destroy)).toEqual([{ type: 1, from: destroyer, to: stranger, value: '0x3' }])
    expect(await rpc.call('ots_getTransactionError', hashes.revert)).toBe('0x')
    expect(await rpc.call('ots_traceTransaction', hashes.forward)).toMatchObject([
      { type: 'CALL', depth: 0, to: forwarder, value: '0x9' },
      { type: 'CALL', depth: 1, to: counter, value: '0x1', output: '0x' },
    ])
    expect(await rpc.call('ots_getApiLevel')).toBe(8)
    expect(await rpc.call('erigon_getHeaderByNumber', 'latest')).toMatchObject({ number: '0x8' })
  })
})
