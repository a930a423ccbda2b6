import { describe, expect, it } from 'vitest'
import { type Hex, hexToBytes, type Tracer } from '../../core/index.ts'
import type { ExecutedBlock } from '../execution/types.ts'
import { WorldState } from '../state/world-state.ts'
import { callData, countCode, initCode, storeCode, tokenCode } from '../testing/contracts.ts'
import { coinbase, DevChain, signAuthorization, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { traceBlock, traceTransaction } from './trace.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const storage = at('01')
const token = at('02')
const counter = at('03')
const caller = at('04')
const identity: Hex = '0x0000000000000000000000000000000000000004'
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`
const quantity = (value: bigint): Hex => `0x${value.toString(16)}`
const pushAddress = (address: Hex) => `73${address.slice(2)}`
const argumentsOfCall = '5f5f60405f'
// Copies its calldata; CALLs the counter with 3 wei, STATICCALLs the identity precompile, and CALLs the counter so that it reverts.
const callerCode: Hex = `0x60405f5f37${argumentsOfCall}6003${pushAddress(counter)}61fffff150${argumentsOfCall}${pushAddress(identity)}61fffffa506001602052${argumentsOfCall}5f${pushAddress(counter)}61fffff150`
const contracts = [
  { address: storage, code: hexToBytes(storeCode) },
  { address: token, code: hexToBytes(tokenCode) },
  { address: counter, code: hexToBytes(countCode) },
  { address: caller, code: hexToBytes(callerCode) },
]
const ether = 10n ** 18n

const prestate = { name: 'prestateTracer', diffMode: false, disableCode: false, disableStorage: false, includeEmpty: false } as const
const diff = { ...prestate, diffMode: true } as const

const replayOf = (chain: DevChain, { block, commit }: ExecutedBlock) => ({
  common: testCommon,
  state: WorldState.at(commit.stateRootBefore, chain.stateStore),
  parent: (chain.blocks[Number(block.header.number) - 2] ?? chain.genesis).block.header,
  block,
})
const trace = <T extends Tracer>(chain: DevChain, executed: ExecutedBlock, index: number, tracer: T) =>
  traceTransaction({ ...replayOf(chain, executed), index, tracer })

describe('prestateTracer', () => {
  it('shows what a transaction looks at, as it was before it', async () => {
    const chain = await DevChain.create(contracts)
    await chain.mine([signTransaction({ from: bob, nonce: 0n, to: storage, data: callData(5n, 7n) })])
    const executed = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: storage, data: callData(5n, 8n) }),
      signTransaction({ from: alice, nonce: 1n, to: storage, data: callData(5n, 9n), value: 2n }),
    ])
    const spent = executed.receipts[0] === undefined ? 0n : executed.receipts[0].gasUsed * executed.receipts[0].effectiveGasPrice
    expect(await trace(chain, executed, 1, prestate)).toEqual({
      [alice.address]: { balance: quantity(1000n * ether - spent), nonce: 1 },
      [storage]: { balance: '0x0', nonce: 1, code: storeCode, storage: { [word(5n)]: word(8n) } },
      [coinbase]: { balance: expect.any(String) },
    })
    expect(await trace(chain, executed, 1, { ...prestate, disableCode: true, disableStorage: true })).toMatchObject({
      [storage]: { balance: '0x0', nonce: 1 },
    })
  })

  it('shows in diff mode what a transaction changed, before and after', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: storage, data: callData(5n, 8n), value: 2n }),
      signTransaction({ from: alice, nonce: 1n, to: storage, data: callData(5n, 0n) }),
      signTransaction({ from: alice, nonce: 2n, to: storage, data: callData(6n, 0n) }),
    ])
    const [first, second, third] = await Promise.all([0, 1, 2].map((index) => trace(chain, executed, index, diff)))
    expect(first?.pre[storage]).toEqual({ balance: '0x0', nonce: 1, code: storeCode })
    expect(first?.post[storage]).toEqual({ balance: '0x2', storage: { [word(5n)]: word(8n) } })
    expect(first?.pre).not.toHaveProperty(coinbase)
    expect(first?.post[coinbase]).toMatchObject({ balance: expect.any(String) })
    expect(first?.post[alice.address]).toMatchObject({ nonce: 1 })
    expect(second?.pre[storage]).toMatchObject({ storage: { [word(5n)]: word(8n) } })
    expect(second?.post[storage]).toEqual({})
    expect(third?.post).not.toHaveProperty(storage)
  })

  it('knows created and destroyed contracts, and the accounts of delegations', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, data: initCode(countCode) }),
      // SELFDESTRUCT in the init code, to the caller.
      signTransaction({ from: alice, nonce: 1n, data: '0x33ff', value: 9n }),
      signTransaction({
        from: alice,
        nonce: 2n,
        to: bob.address,
        data: callData(1n, 0n),
        authorizationList: [await signAuthorization(bob, counter, 0n)],
      }),
      signTransaction({ from: alice, nonce: 3n, to: bob.address, data: callData(1n, 0n) }),
    ])
    const created = executed.receipts[0]?.contractAddress ?? '0x'
    const creation = await trace(chain, executed, 0, diff)
    expect(creation.post[created]).toEqual({ balance: undefined, nonce: 1, code: countCode })
    expect(creation.pre).not.toHaveProperty(created)
    expect(await trace(chain, executed, 0, prestate)).not.toHaveProperty(created)
    const destroyed = executed.receipts[1]?.contractAddress ?? '0x'
    const destruction = await trace(chain, executed, 1, diff)
    expect(destruction.post).not.toHaveProperty(destroyed)
    expect(destruction.pre).not.toHaveProperty(destroyed)
    const delegation = await trace(chain, executed, 2, diff)
    expect(delegation.post[bob.address]).toMatchObject({ nonce: 1, code: `0xef0100${counter.slice(2)}` })
    expect(await trace(chain, executed, 3, prestate)).toHaveProperty(counter)
  })

  it('agrees with what the block says it changed', async () => {
    const chain = await DevChain.create(contracts)
    const { outcomes: _, ...executed } = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: caller, data: callData(4n, 0n), value: 20n }),
      signTransaction({ from: bob, nonce: 0n, to: token, data: callData(alice.address, 5n) }),
    ])
    const traces = await traceBlock({ ...replayOf(chain, executed), tracer: diff })
    const touched = new Set(traces.flatMap(({ result }) => Object.keys(result.post)))
    // The block's system calls are no transaction's.
    const changed = executed.commit.changes.map(({ address }) => address).filter((address) => !address.startsWith('0x000'))
    expect([...touched].sort()).toEqual(changed)
    for (const { address, after, slots } of executed.commit.changes.filter((change) => touched.has(change.address))) {
      const last = traces.findLast(({ result }) => result.post[address]?.balance !== undefined)?.result.post[address]
      if (last?.balance !== undefined) expect(BigInt(last.balance)).toBe(after?.balance)
      for (const { key, after: value } of slots) {
        const post = traces.findLast(({ result }) => result.post[address]?.storage?.[word(key)] !== undefined)
        expect(BigInt(post?.result.post[address]?.storage?.[word(key)] ?? 0)).toBe(value)
      }
    }
  })
})

describe('the other tracers', () => {
  const transactions = () => [
    signTransaction({ from: alice, nonce: 0n, to: caller, data: callData(4n, 0n), value: 20n, gasLimit: 500_000n }),
    signTransaction({ from: alice, nonce: 1n, data: initCode(storeCode) }),
    signTransaction({ from: alice, nonce: 2n, data: '0x33ff', value: 9n }),
  ]

  it('show calls and creations that are refused for want of funds, and those only', async () => {
    const chain = await DevChain.create(contracts)
    // CALL(counter, 100 wei), CREATE(100 wei), CALL(counter, 5 wei): the first two are refused.
    const call = (wei: string) => `${argumentsOfCall}60${wei}${pushAddress(counter)}61fffff150`
    const runtime = `${call('64')}60405f6064f050${call('05')}00`
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, data: `0x${runtime}`, value: 5n })])
    const tree = await trace(chain, executed, 0, { name: 'callTracer', onlyTopCall: false, withLog: false })
    const refused = {
      from: executed.receipts[0]?.contractAddress,
      value: '0x64',
      gasUsed: '0x0',
      error: 'insufficient balance for transfer',
    }
    const data = `0x${'00'.repeat(64)}`
    expect(tree.calls).toMatchObject([
      { type: 'CALL', to: counter, gas: '0x108fb', input: data, ...refused },
      { type: 'CREATE', input: data, ...refused },
      { type: 'CALL', to: counter, value: '0x5' },
    ])
    expect(tree.calls?.[1]).not.toHaveProperty('to')
    expect(tree.calls?.[2]).not.toHaveProperty('error')
    expect(await trace(chain, executed, 0, { name: '4byteTracer' })).toEqual({ '0x00000000-60': 2 })
  })

  it('count calls by function', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine(transactions())
    expect(await trace(chain, executed, 0, { name: '4byteTracer' })).toEqual({ '0x00000000-60': 3 })
    expect(await trace(chain, executed, 1, { name: '4byteTracer' })).toEqual({})
  })

  it('list calls flat, with their paths', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine(transactions())
    const flat = { name: 'flatCallTracer', convertParityErrors: false, includePrecompiles: false, rootGas: 'transaction' } as const
    const place = {
      blockHash: executed.block.hash,
      blockNumber: 1,
      transactionHash: executed.block.transactions[0]?.hash,
      transactionPosition: 0,
    }
    const calls = await trace(chain, executed, 0, flat)
    expect(calls).toMatchObject([
      {
        ...place,
        type: 'call',
        traceAddress: [],
        subtraces: 2,
        action: { callType: 'call', from: alice.address, to: caller, value: '0x14' },
      },
      { ...place, traceAddress: [0], subtraces: 0, action: { value: '0x3', to: counter }, result: { output: '0x' } },
      { ...place, traceAddress: [1], subtraces: 0, error: 'execution reverted', result: { output: '0x' } },
    ])
    const parity = await trace(chain, executed, 0, { ...flat, convertParityErrors: true, includePrecompiles: true })
    expect(parity).toMatchObject([{ subtraces: 3 }, {}, { action: { callType: 'staticcall', to: identity } }, { error: 'Reverted' }])
    const created = executed.receipts[1]?.contractAddress
    expect(await trace(chain, executed, 1, flat)).toMatchObject([
      { type: 'create', action: { from: alice.address, init: initCode(storeCode) }, result: { address: created, code: storeCode } },
    ])
    expect(await trace(chain, executed, 2, flat)).toMatchObject([
      { type: 'create', subtraces: 1 },
      {
        type: 'suicide',
        traceAddress: [0],
        action: { address: executed.receipts[2]?.contractAddress, refundAddress: alice.address, balance: '0x9' },
      },
    ])
  })

  it('run together in the muxTracer, each with the result that it has alone', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine(transactions())
    const calls = { name: 'callTracer', onlyTopCall: false, withLog: true } as const
    const tracers: readonly Tracer[] = [calls, diff, { name: '4byteTracer' }, { name: 'noopTracer' }]
    const together = await trace(chain, executed, 0, { name: 'muxTracer', tracers })
    const alone = await Promise.all(tracers.map(async (tracer) => [tracer.name, await trace(chain, executed, 0, tracer)]))
    expect(together).toEqual(Object.fromEntries(alone))
    expect(together).toHaveProperty('noopTracer', {})
  })

  it('end a code that runs off its end with a STOP', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine(transactions())
    const logger = {
      name: 'structLogger',
      enableMemory: false,
      disableStack: false,
      disableStorage: true,
      enableReturnData: false,
      limit: 0,
    } as const
    const { structLogs } = (await trace(chain, executed, 0, logger)) as {
      structLogs: { op: string; pc: number; gasCost: number; depth: number }[]
    }
    expect(structLogs.at(-1)).toMatchObject({ op: 'STOP', pc: (callerCode.length - 2) / 2, gasCost: 0, depth: 1 })
    expect(structLogs.filter(({ op }) => op === 'STOP')).toHaveLength(2)
  })

  it('trace a whole block in order', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine(transactions())
    const calls = { name: 'callTracer', onlyTopCall: true, withLog: false } as const
    const traces = await traceBlock({ ...replayOf(chain, executed), tracer: calls })
    expect(traces.map(({ txHash }) => txHash)).toEqual(executed.block.transactions.map(({ hash }) => hash))
    for (const [index, { result }] of traces.entries()) expect(result).toEqual(await trace(chain, executed, index, calls))
  })
})
