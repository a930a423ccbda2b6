import { describe, expect, it } from 'vitest'
import { fakeContracts } from './testing/fake-chain.ts'
import { nopeData, testAddresses } from './testing/fake-node.ts'
import { createHarness } from './testing/rpc-harness.ts'

const [address] = testAddresses
const word = `0x${'ab'.repeat(32)}`

describe('parameters', () => {
  it.each<[string, unknown, string]>([
    ['eth_getBalance', [], 'missing value for required argument 0'],
    ['eth_getStorageAt', [address], 'missing value for required argument 1'],
    ['eth_getBalance', [address, 'latest', 1], 'too many arguments, want at most 2'],
    ['eth_chainId', [1], 'too many arguments, want at most 0'],
    ['eth_getBalance', { address }, 'non-array args'],
    ['eth_getBalance', ['0x12'], 'invalid argument 0: hex string has length 2, want 40'],
    ['eth_getBalance', [address.slice(2)], 'invalid argument 0: hex string without 0x prefix'],
    ['eth_getBalance', [`0x${'zz'.repeat(20)}`], 'invalid argument 0: invalid hex string'],
    ['eth_getBalance', [null], 'invalid argument 0: expected a hex string, got null'],
    ['eth_getBalance', [address, 'newest'], 'invalid argument 1: hex string without 0x prefix'],
    ['eth_getBalance', [address, '0x01'], 'invalid argument 1: hex number with leading zero digits'],
    ['eth_getBalance', [address, '0x'], 'invalid argument 1: hex string "0x"'],
    ['eth_getBalance', [address, 5], 'invalid argument 1: expected a hex quantity string, got number'],
    ['eth_getBalance', [address, '0x10000000000000000'], 'invalid argument 1: hex number > 64 bits'],
    ['eth_getBalance', [address, {}], 'invalid argument 1: expected blockNumber or blockHash'],
    ['eth_getBalance', [address, { blockHash: '0x1' }], 'invalid argument 1: blockHash: expected a hash of 32 bytes'],
    ['eth_sendRawTransaction', ['0x123'], 'invalid argument 0: hex string of odd length'],
    ['eth_sendRawTransaction', ['0x12gg'], 'invalid argument 0: invalid hex string'],
    ['eth_call', [{ to: '0x1' }], 'invalid argument 0.to: hex string has length 1, want 40'],
    ['eth_call', [{ value: '0x00' }], 'invalid argument 0.value: hex number with leading zero digits'],
    [
      'eth_call',
      [{ accessList: [{ address, storageKeys: ['0x'] }] }],
      'invalid argument 0.accessList.0.storageKeys.0: hex string has length 0, want 64',
    ],
    ['eth_call', [5], 'invalid argument 0: Invalid input: expected object, received number'],
    ['eth_getLogs', [{ topics: [[word, 'x']] }], 'invalid argument 0.topics.0: 1: hex string without 0x prefix'],
    ['eth_getLogs', [{ blockHash: word, fromBlock: '0x1' }], 'cannot specify both BlockHash and FromBlock/ToBlock'],
    ['eth_feeHistory', ['0x1', 'latest', [50, 10]], 'percentiles must ascend'],
    ['evm_mine', [-1], 'expected a whole number'],
    ['hardhat_mine', ['0xfffffff'], 'invalid argument 0: at most 100000'],
    ['debug_traceTransaction', [word, { tracer: 7 }], 'invalid argument 1.tracer'],
    ['debug_traceTransaction', [word, { timeout: 'soon' }], 'invalid argument 1.timeout: expected a duration'],
    ['eth_sendTransaction', [{ to: address }], 'invalid argument 0.from: expected a hex string, got nothing'],
    ['eth_subscribe', ['syncing'], 'invalid argument 0'],
    ['eth_subscribe', ['logs', true], 'invalid argument 1: expected a filter object'],
  ])('%s with %j: %s', async (method, params, message) => {
    const { fail } = createHarness()
    const error = await fail(method, params)
    expect(error.code).toBe(-32602)
    expect(error.message).toContain(message)
  })

  it('may be null or left out where they are optional', async () => {
    const { call } = createHarness()
    const balance = await call('eth_getBalance', [address])
    expect(await call('eth_getBalance', [address, null])).toBe(balance)
    expect(await call('eth_getBalance', [address.toUpperCase().replace('0X', '0x'), 'latest'])).toBe(balance)
    expect(await call('eth_chainId', undefined)).toBe('0x4c81c')
    expect(await call('eth_chainId', null)).toBe('0x4c81c')
  })
})

describe('errors', () => {
  it('name an unknown method in geth’s words', async () => {
    const { fail } = createHarness()
    for (const method of ['eth_foo', '', '__proto__', 'constructor']) {
      expect(await fail(method)).toMatchObject({ code: -32601, message: `the method ${method} does not exist/is not available` })
    }
  })

  it('of a revert have code 3, the reason, and the return data', async () => {
    const { fail } = createHarness()
    const expected = { code: 3, message: 'execution reverted: nope', data: nopeData }
    expect(await fail('eth_call', [{ to: fakeContracts.reverter }])).toEqual(expected)
    expect(await fail('eth_estimateGas', [{ to: fakeContracts.reverter }])).toEqual(expected)
  })

  it('of an invalid transaction keep geth’s message alone', async () => {
    const { fail } = createHarness()
    expect(await fail('eth_sendRawTransaction', ['0x01'])).toEqual({
      code: -32000,
      message: 'rlp: value size exceeds available input length',
      data: undefined,
    })
  })

  it('of the node tell what to do', async () => {
    const node = createHarness()
    await node.call('hardhat_mine', ['0x3'])
    node.chain.historyStartNumber = 2n
    expect(await node.fail('eth_getBalance', [address, '0x1'])).toMatchObject({
      code: -32000,
      message: 'State of block 1 is not available.',
      data: { code: 'STATE_UNAVAILABLE', hints: [expect.stringContaining('starts at block 2')] },
    })
  })
})
