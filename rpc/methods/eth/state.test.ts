import { beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex } from '../../../core/index.ts'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const unknownHash = `0x${'ee'.repeat(32)}`
const ether = 10n ** 18n
const hex = (value: bigint): string => `0x${value.toString(16)}`

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

describe('state', () => {
  it('is read after the block that is named', async () => {
    await node.call('eth_sendRawTransaction', [bytesToHex(await signTransfer(alice, { nonce: 0n, to: bob, value: ether }))])
    const { hash } = node.chain.head()
    const balance = (block: unknown) => node.call('eth_getBalance', [bob, block])
    expect(await balance('latest')).toBe(hex(10_001n * ether))
    expect(await balance('0x0')).toBe(hex(10_000n * ether))
    expect(await balance('earliest')).toBe(hex(10_000n * ether))
    expect(await balance(hash)).toBe(hex(10_001n * ether))
    expect(await balance({ blockHash: hash, requireCanonical: true })).toBe(hex(10_001n * ether))
    expect(await balance({ blockNumber: '0x0' })).toBe(hex(10_000n * ether))
    expect(await node.call('eth_getTransactionCount', [alice, '0x0'])).toBe('0x0')
    expect(await node.call('eth_getTransactionCount', [alice])).toBe('0x1')
  })

  it('of an unknown block is an error', async () => {
    expect(await node.fail('eth_getBalance', [bob, '0x5'])).toMatchObject({ code: -32000, message: 'header not found' })
    expect(await node.fail('eth_getBalance', [bob, unknownHash])).toMatchObject({ code: -32000, message: 'header for hash not found' })
    expect(await node.fail('eth_call', [{}, '0x5'])).toMatchObject({ code: -32000, message: 'header not found' })
  })

  it('has code and storage', async () => {
    node.chain.code.set(bob, Uint8Array.of(0x60, 0x01))
    node.chain.slots.set(`${bob}:1`, 255n)
    expect(await node.call('eth_getCode', [bob])).toBe('0x6001')
    expect(await node.call('eth_getCode', [alice, 'latest'])).toBe('0x')
    const value = `0x${'ff'.padStart(64, '0')}`
    expect(await node.call('eth_getStorageAt', [bob, '0x1', 'latest'])).toBe(value)
    expect(await node.call('eth_getStorageAt', [bob, `0x${'1'.padStart(64, '0')}`])).toBe(value)
    expect(await node.call('eth_getStorageAt', [bob, '0x2'])).toBe(`0x${'0'.repeat(64)}`)
    expect(await node.call('eth_getProof', [bob, ['0x01'], 'latest'])).toMatchObject({
      address: bob,
      balance: hex(10_000n * ether),
      storageProof: [{ key: '0x1', value: '0xff', proof: ['0xe2'] }],
    })
  })

  it('counts pooled transactions in the pending nonce', async () => {
    await node.call('evm_setAutomine', [false])
    await node.call('eth_sendRawTransaction', [bytesToHex(await signTransfer(alice, { nonce: 0n, to: bob }))])
    expect(await node.call('eth_getTransactionCount', [alice, 'pending'])).toBe('0x1')
    expect(await node.call('eth_getTransactionCount', [alice, 'latest'])).toBe('0x0')
  })
})

describe('eth_call and eth_estimateGas', () => {
  it('pass the decoded request, block and overrides on', async () => {
    await node.call('evm_mine')
    const slot = `0x${'01'.padStart(64, '0')}`
    const request = { from: alice, to: fakeContracts.echo, input: '0xc0de', gas: '0x5208', value: '0x1', maxFeePerGas: '0x2', nonce: '0x3' }
    const stateOverrides = { [bob]: { balance: '0x9', nonce: '0x1', code: '0x00', stateDiff: { [slot]: slot } } }
    const blockOverrides = { number: '0x7', time: '0x8', feeRecipient: bob, baseFeePerGas: '0x0' }
    expect(await node.call('eth_call', [request, '0x0', stateOverrides, blockOverrides])).toBe('0xc0de')
    expect(node.calls[0]).toEqual({
      request: {
        from: alice,
        to: fakeContracts.echo,
        data: Uint8Array.of(0xc0, 0xde),
        gas: 21_000n,
        value: 1n,
        maxFeePerGas: 2n,
        nonce: 3n,
      },
      context: {
        blockNumber: 0n,
        stateOverrides: new Map([[bob, { balance: 9n, nonce: 1n, code: Uint8Array.of(0), stateDiff: [{ slot: 1n, value: 1n }] }]]),
        blockOverrides: { number: 7n, timestamp: 8n, coinbase: bob, baseFeePerGas: 0n },
        console: expect.any(Function),
      },
    })
    expect(await node.call('eth_estimateGas', [request, 'pending'])).toBe('0x55f0')
    expect(node.calls[1]?.context).toEqual({ blockNumber: 1n, pending: true, console: expect.any(Function) })
  })

  it('answer a halt with the name of its cause', async () => {
    expect(await node.fail('eth_call', [{ to: fakeContracts.halter }])).toMatchObject({ code: -32000, message: 'out of gas' })
  })

  it.each([
    [{ data: '0x01', input: '0x02' }, 'both "data" and "input" are set and not equal'],
    [{ gasPrice: '0x1', maxFeePerGas: '0x1' }, 'both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified'],
    [{ maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x2' }, 'maxFeePerGas (1) < maxPriorityFeePerGas (2)'],
    [{ type: '0x3' }, 'blob transactions are not supported'],
    [{ blobVersionedHashes: [unknownHash] }, 'blob transactions are not supported'],
    [{ from: alice, value: `0x${'f'.repeat(40)}` }, 'insufficient funds for transfer'],
  ])('refuse %j', async (request, message) => {
    const error = await node.fail('eth_call', [request])
    expect(error.code).toBe(-32000)
    expect(error.message).toContain(message)
  })

  it('refuse overrides that contradict themselves', async () => {
    const both = { [bob]: { state: {}, stateDiff: {} } }
    expect(await node.fail('eth_call', [{}, 'latest', both])).toMatchObject({ code: -32602 })
    expect(await node.fail('eth_call', [{}, 'latest', { bob: {} }])).toMatchObject({ code: -32602 })
    await node.call('eth_call', [{}, 'latest', { [bob]: { movePrecompileToAddress: alice } }])
    expect(node.calls.at(-1)?.context.stateOverrides).toEqual(new Map([[bob, { movePrecompileTo: alice }]]))
  })
})
