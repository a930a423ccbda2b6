import { describe, expect, it } from 'vitest'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { testAddresses } from '../../testing/fake-node.ts'
import { createHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

describe('traces', () => {
  it('of transactions take geth’s and Hardhat’s options', async () => {
    const { call, traces } = createHarness()
    const hash = await call('eth_sendTransaction', [{ from: alice, to: bob }])
    expect(await call('debug_traceTransaction', [hash])).toMatchObject({ structLogs: [] })
    await call('debug_traceTransaction', [
      hash,
      { enableMemory: true, disableStack: true, disableStorage: true, enableReturnData: true, limit: 5 },
    ])
    await call('debug_traceTransaction', [hash, { disableMemory: false, timeout: '10s' }])
    expect(await call('debug_traceTransaction', [hash, { tracer: 'callTracer', tracerConfig: { withLog: true } }])).toMatchObject({
      type: 'CALL',
    })
    const defaults = {
      name: 'structLogger',
      enableMemory: false,
      disableStack: false,
      disableStorage: false,
      enableReturnData: false,
      limit: 0,
    }
    expect(traces).toEqual([
      defaults,
      { name: 'structLogger', enableMemory: true, disableStack: true, disableStorage: true, enableReturnData: true, limit: 5 },
      { ...defaults, enableMemory: true },
      { name: 'callTracer', onlyTopCall: false, withLog: true },
    ])
  })

  it('are made by any of geth’s native tracers', async () => {
    const { call, traces } = createHarness()
    const hash = await call('eth_sendTransaction', [{ from: alice, to: bob }])
    const prestate = { name: 'prestateTracer', diffMode: false, disableCode: false, disableStorage: false, includeEmpty: false }
    const flat = { name: 'flatCallTracer', convertParityErrors: false, includePrecompiles: false, rootGas: 'transaction' }
    const configs = [
      [
        { tracer: 'prestateTracer', tracerConfig: { disableCode: true } },
        { ...prestate, disableCode: true },
      ],
      [
        { tracer: 'prestateTracer', tracerConfig: { diffMode: true } },
        { ...prestate, diffMode: true },
      ],
      [{ tracer: '4byteTracer' }, { name: '4byteTracer' }],
      [{ tracer: 'noopTracer', tracerConfig: null }, { name: 'noopTracer' }],
      [
        { tracer: 'flatCallTracer', tracerConfig: { includePrecompiles: true } },
        { ...flat, includePrecompiles: true },
      ],
      [
        { tracer: 'muxTracer', tracerConfig: { '4byteTracer': null, callTracer: { withLog: true } } },
        { name: 'muxTracer', tracers: [{ name: '4byteTracer' }, { name: 'callTracer', onlyTopCall: false, withLog: true }] },
      ],
      [{ tracer: '' }, { name: 'structLogger', limit: 0 }],
    ] as const
    for (const [config, tracer] of configs) {
      await call('debug_traceTransaction', [hash, config])
      expect(traces.at(-1)).toMatchObject(tracer)
    }
  })

  it('are refused where the tracer is written in JavaScript, unknown, or contradicts itself', async () => {
    const { fail } = createHarness()
    const refusal = async (config: object) => await fail('debug_traceTransaction', [`0x${'ee'.repeat(32)}`, config])
    expect(await refusal({ tracer: '{step: function() {}, fault() {}, result() { return 1 }}' })).toMatchObject({
      code: -32000,
      message: expect.stringMatching(/JavaScript are not supported; there are callTracer/),
    })
    expect(await refusal({ tracer: 'fooTracer' })).toMatchObject({
      code: -32000,
      message: expect.stringContaining('tracer not found: fooTracer'),
    })
    expect(await refusal({ tracer: 'muxTracer', tracerConfig: { muxTracer: {} } })).toMatchObject({ code: -32602 })
    expect(await refusal({ tracer: 'muxTracer', tracerConfig: { callTracer: 7 } })).toMatchObject({ code: -32602 })
    expect(await refusal({ tracer: 'prestateTracer', tracerConfig: { diffMode: true, includeEmpty: true } })).toMatchObject({
      code: -32602,
    })
  })

  it('of a block come by number or hash, one per transaction', async () => {
    const { call, fail, chain } = createHarness()
    const hash = await call('eth_sendTransaction', [{ from: alice, to: bob }])
    const traced = [{ txHash: hash, result: { structLogs: [] } }]
    expect(await call('debug_traceBlockByNumber', ['latest'])).toMatchObject(traced)
    expect(await call('debug_traceBlockByHash', [chain.head().hash, { tracer: 'callTracer' }])).toMatchObject([
      { result: { type: 'CALL' } },
    ])
    expect(await fail('debug_traceBlockByNumber', ['0x99'])).toMatchObject({ code: -32000, message: 'block #153 not found' })
    expect(await fail('debug_traceBlockByHash', [`0x${'ee'.repeat(32)}`])).toMatchObject({ message: expect.stringContaining('not found') })
  })

  it('of unknown transactions are an error', async () => {
    const { fail } = createHarness()
    expect(await fail('debug_traceTransaction', [`0x${'ee'.repeat(32)}`])).toMatchObject({ code: -32000, message: 'transaction not found' })
  })

  it('of calls run where eth_call runs', async () => {
    const { call, calls } = createHarness()
    const config = { tracer: 'callTracer', stateOverrides: { [bob]: { balance: '0x1' } }, blockOverrides: { number: '0x9' } }
    await call('debug_traceCall', [{ to: fakeContracts.echo }, 'pending', config])
    expect(calls[0]?.context).toEqual({
      blockNumber: 0n,
      pending: true,
      stateOverrides: new Map([[bob, { balance: 1n }]]),
      blockOverrides: { number: 9n },
    })
  })
})
