import { describe, expect, it } from 'vitest'
import { type Hex, hexToBytes, type Tracer } from '../../core/index.ts'
import type { ExecutedBlock } from '../execution/types.ts'
import { WorldState } from '../state/world-state.ts'
import { callData, countCode, initCode, storeCode, tokenCode } from '../testing/contracts.ts'
import { DevChain, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { traceCall, traceTransaction } from './trace.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const storage = at('01')
const token = at('02')
const counter = at('03')
const caller = at('04')
const failing = at('05')
const pushAddress = (address: Hex) => `73${address.slice(2)}`
// Passes its calldata on: CALL with 3 wei, STATICCALL and DELEGATECALL to the counter, results dropped.
const arguments_ = '5f5f60405f'
const callerCode: Hex =
  `0x60405f5f37${arguments_}6003${pushAddress(counter)}61fffff150${arguments_}${pushAddress(counter)}61fffffa50${arguments_}${pushAddress(counter)}61fffff45000`.replaceAll(
    ' ',
    '',
  ) as Hex
// Takes 100 kB of memory, then loops until its gas is spent.
const hungry = at('06')
const contracts = [
  { address: hungry, code: hexToBytes('0x620186a0515b600556') },
  { address: storage, code: hexToBytes(storeCode) },
  { address: token, code: hexToBytes(tokenCode) },
  { address: counter, code: hexToBytes(countCode) },
  { address: caller, code: hexToBytes(callerCode) },
  // Logs, then runs out of gas for the data of the next log.
  { address: failing, code: hexToBytes('0x5f5fa06301ffffff5fa0') },
]

const structLogger: Tracer = {
  name: 'structLogger',
  enableMemory: false,
  disableStack: false,
  disableStorage: false,
  enableReturnData: false,
  limit: 0,
}
const callTracer: Tracer = { name: 'callTracer', onlyTopCall: false, withLog: false }

const trace = (chain: DevChain, { block, commit }: ExecutedBlock, index: number, tracer: Tracer, signal?: AbortSignal) =>
  traceTransaction({
    common: testCommon,
    state: WorldState.at(commit.stateRootBefore, chain.stateStore),
    parent: (chain.blocks[Number(block.header.number) - 2] ?? chain.genesis).block.header,
    block,
    index,
    tracer,
    ...(signal && { signal }),
  })

const slot = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

describe('struct logger', () => {
  it('lists each instruction with its gas, stack and storage', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: counter, data: callData(5n, 0n) }),
      signTransaction({ from: alice, nonce: 1n, to: counter, data: callData(5n, 0n), gasLimit: 100_000n }),
    ])
    const result = await trace(chain, executed, 1, structLogger)
    expect(result).toMatchObject({ failed: false, returnValue: '0x', gas: Number(executed.receipts[1]?.gasUsed) })
    expect(result).toMatchObject({
      structLogs: [
        { pc: 0, op: 'PUSH0', gas: 100_000 - 21_000 - 63 * 4 - 16, gasCost: 2, depth: 1, stack: [] },
        { op: 'CALLDATALOAD', gasCost: 3, stack: ['0x0'] },
        { op: 'DUP1', stack: ['0x5'] },
        { op: 'SLOAD', gasCost: 2100, stack: ['0x5', '0x5'], storage: { [slot(5n)]: slot(1n) } },
        { op: 'PUSH1', stack: ['0x5', '0x1'] },
        { op: 'ADD', stack: ['0x5', '0x1', '0x1'] },
        { op: 'SWAP1' },
        { op: 'SSTORE', gasCost: 2900, stack: ['0x2', '0x5'], storage: { [slot(5n)]: slot(2n) } },
        { op: 'PUSH1' },
        { op: 'CALLDATALOAD' },
        { op: 'PUSH1' },
        { op: 'JUMPI', gasCost: 10 },
        { op: 'STOP', gasCost: 0 },
      ],
    })
  })

  it('counts the gas that a call passes on, without the stipend, and marks depth and failure', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: caller, data: callData(1n, 0n), value: 3n })])
    const { structLogs } = (await trace(chain, executed, 0, structLogger)) as {
      structLogs: { op: string; depth: number; gas: number; gasCost: number; error?: string }[]
    }
    const first = structLogs.findIndex(({ op }) => op === 'CALL')
    // 2,600 for the cold account, 9,000 for the value, 65,535 passed on; the callee gets 2,300 more.
    expect(structLogs[first]).toMatchObject({ depth: 1, gasCost: 2600 + 9000 + 65_535 })
    expect(structLogs[first + 1]).toMatchObject({ depth: 2, gas: 65_535 + 2300 })
    const staticStore = structLogs.find(({ op, error }) => op === 'SSTORE' && error !== undefined)
    expect(staticStore).toMatchObject({ depth: 2, error: 'write protection' })
  })

  it('leaves out what it is told to leave out, and stops at its limit', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: token, data: callData(bob.address, 1n) })])
    const result = await trace(chain, executed, 0, {
      ...structLogger,
      disableStack: true,
      disableStorage: true,
      enableMemory: true,
      limit: 3,
    })
    const { structLogs } = result as { structLogs: object[] }
    expect(structLogs).toHaveLength(3)
    expect(structLogs[2]).toEqual({ pc: 2, op: 'MSTORE', gas: expect.any(Number), gasCost: 6, depth: 1, memory: expect.any(Array) })
  })

  it('gives up before a trace fills the memory', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: hungry, gasLimit: 1_000_000n })])
    const everything: Tracer = { ...structLogger, enableMemory: true }
    await expect(trace(chain, executed, 0, everything)).rejects.toMatchObject({ code: 'TRACE_TOO_LARGE' })
    // Without what makes it large it is no problem.
    const { structLogs } = (await trace(chain, executed, 0, { ...structLogger, limit: 1_000 })) as { structLogs: object[] }
    expect(structLogs).toHaveLength(1_000)
  })

  it('lets time limits fire while it computes', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: hungry, gasLimit: 1_000_000n })])
    const controller = new AbortController()
    setImmediate(() => controller.abort())
    await expect(trace(chain, executed, 0, callTracer, controller.signal)).rejects.toMatchObject({ code: 'TRACE_ABORTED' })
  })
})

describe('callTracer', () => {
  it('gives the tree of calls with types, values, gas and results', async () => {
    const chain = await DevChain.create(contracts)
    const data = callData(1n, 0n)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: caller, data, value: 3n, gasLimit: 500_000n })])
    expect(await trace(chain, executed, 0, callTracer)).toEqual({
      type: 'CALL',
      from: alice.address,
      to: caller,
      value: '0x3',
      gas: '0x7a120',
      gasUsed: `0x${executed.receipts[0]?.gasUsed.toString(16)}`,
      input: data,
      calls: [
        { type: 'CALL', from: caller, to: counter, value: '0x3', gas: '0x108fb', gasUsed: expect.any(String), input: data },
        { type: 'STATICCALL', from: caller, to: counter, gas: '0xffff', gasUsed: '0xffff', input: data, error: 'write protection' },
        { type: 'DELEGATECALL', from: caller, to: counter, value: '0x3', gas: '0xffff', gasUsed: expect.any(String), input: data },
      ],
    })
    expect(await trace(chain, executed, 0, { ...callTracer, onlyTopCall: true })).not.toHaveProperty('calls')
  })

  it('shows logs of what succeeded only, creations, and destructions', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: token, data: callData(bob.address, 1n) }),
      signTransaction({ from: alice, nonce: 1n, data: initCode(storeCode) }),
      signTransaction({ from: alice, nonce: 2n, data: '0x33ff', value: 9n }),
      signTransaction({ from: alice, nonce: 3n, to: failing, gasLimit: 100_000n }),
    ])
    const tracer: Tracer = { ...callTracer, withLog: true }
    const [log] = executed.receipts[0]?.logs ?? []
    expect(await trace(chain, executed, 0, tracer)).toMatchObject({
      logs: [{ address: token, topics: log?.topics, data: log?.data, position: '0x0' }],
    })
    expect(await trace(chain, executed, 1, tracer)).toMatchObject({
      type: 'CREATE',
      to: executed.receipts[1]?.contractAddress,
      input: initCode(storeCode),
      output: storeCode,
    })
    expect(await trace(chain, executed, 2, tracer)).toMatchObject({
      calls: [{ type: 'SELFDESTRUCT', from: executed.receipts[2]?.contractAddress, to: alice.address, value: '0x9', gas: '0x0' }],
    })
    const failed = await trace(chain, executed, 3, tracer)
    expect(failed).toMatchObject({ error: 'out of gas', gasUsed: '0x186a0' })
    expect(failed).not.toHaveProperty('logs')
  })
})

describe('tracing', () => {
  it('traces a call that is only simulated', async () => {
    const chain = await DevChain.create(contracts)
    const state = WorldState.at(chain.head.stateRoot, chain.stateStore)
    const call = { from: alice.address, to: counter, data: hexToBytes(callData(1n, 1n)), gas: 100_000n }
    expect(await traceCall({ common: testCommon, state, environment: chain.head, call }, callTracer)).toMatchObject({
      gas: '0x186a0',
      error: 'execution reverted',
    })
  })

  it('can be broken off at any time, and the state is as before', async () => {
    const chain = await DevChain.create(contracts)
    const executed = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: caller, data: callData(1n, 0n), value: 3n })])
    await expect(trace(chain, executed, 0, structLogger, AbortSignal.abort('too slow'))).rejects.toMatchObject({ code: 'TRACE_ABORTED' })
    const state = WorldState.at(chain.head.stateRoot, chain.stateStore)
    const call = { from: alice.address, to: caller, data: hexToBytes(callData(1n, 0n)), value: 3n }
    const options = { common: testCommon, state, environment: chain.head, call }
    const before = await traceCall(options, callTracer)
    await expect(traceCall({ ...options, signal: AbortSignal.abort('too slow') }, structLogger)).rejects.toMatchObject({
      code: 'TRACE_ABORTED',
    })
    expect(state.openCheckpoints).toBe(0)
    expect(await traceCall(options, callTracer)).toEqual(before)
  })
})
