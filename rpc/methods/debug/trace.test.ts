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
