import { hashMessage, hashTypedData, recoverAddress } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Hex, hexToBytes } from '../../../core/index.ts'
import { decodeTransaction } from '../../encoding/transaction-codec.ts'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses
const stranger = `0x${'77'.repeat(20)}`
const gwei = 1_000_000_000n

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
})

const asHex = (value: unknown): Hex => {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw new Error('no hex')
  return `0x${value.slice(2)}`
}
const signed = async (request: object) =>
  decodeTransaction(hexToBytes(asHex(await node.call('eth_signTransaction', [{ from: alice, ...request }]))))

describe('dev accounts', () => {
  it('are listed', async () => {
    expect(await node.call('eth_accounts')).toEqual([alice, bob])
    expect(await node.call('eth_requestAccounts')).toEqual([alice, bob])
  })

  it('sign messages', async () => {
    const message = '0xdeadbeef'
    const signature = asHex(await node.call('personal_sign', [message, alice, 'password']))
    expect(await node.call('eth_sign', [alice, message])).toBe(signature)
    expect((await recoverAddress({ hash: hashMessage({ raw: message }), signature })).toLowerCase()).toBe(alice)
  })

  it('sign typed data, as an object or as text', async () => {
    const text = JSON.stringify({
      domain: { name: 'test', chainId: 313_372 },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'chainId', type: 'uint256' },
        ],
        Mail: [{ name: 'to', type: 'address' }],
      },
      primaryType: 'Mail',
      message: { to: bob },
    })
    const typedData = JSON.parse(text)
    const signature = asHex(await node.call('eth_signTypedData_v4', [alice, typedData]))
    expect(await node.call('eth_signTypedData', [alice, text])).toBe(signature)
    expect((await recoverAddress({ hash: hashTypedData(typedData), signature })).toLowerCase()).toBe(alice)
  })

  it.each([
    'no json',
    {},
    { domain: {}, types: {}, primaryType: 'Mail', message: {} },
    { domain: {}, types: { Mail: [{ name: 'to', type: 'address' }] }, primaryType: 'Mail', message: { to: 'x' } },
    { domain: {}, types: { Mail: [{ name: 'a', type: 'uint256' }] }, primaryType: 'Mail', message: { a: {} } },
    { domain: {}, types: { Mail: [{ name: 'a', type: 'Mail' }] }, primaryType: 'Mail', message: { a: null } },
    { domain: { chainId: {} }, types: {}, primaryType: 'EIP712Domain', message: {} },
  ])('refuse typed data that is none: %j', async (typedData) => {
    expect(await node.fail('eth_signTypedData_v4', [alice, typedData])).toMatchObject({ code: -32602 })
  })

  it('sign only for themselves', async () => {
    const unknown = { code: -32000, message: expect.stringContaining(`unknown account ${stranger}`) }
    expect(await node.fail('eth_sign', [stranger, '0x'])).toMatchObject(unknown)
    expect(await node.fail('eth_sendTransaction', [{ from: stranger, to: bob }])).toMatchObject(unknown)
    expect(await node.fail('eth_signTypedData_v4', [stranger, { domain: {}, types: {}, primaryType: 'a', message: {} }])).toMatchObject(
      unknown,
    )
  })
})

describe('eth_sendTransaction', () => {
  it('fills in nonce, gas and fees, and sends', async () => {
    const hash = await node.call('eth_sendTransaction', [{ from: alice, to: bob, value: '0x5' }])
    expect(await node.call('eth_getTransactionByHash', [hash])).toMatchObject({
      from: alice,
      to: bob,
      nonce: '0x0',
      gas: '0x5208',
      type: '0x2',
      maxFeePerGas: `0x${(3n * gwei).toString(16)}`,
      maxPriorityFeePerGas: '0x3b9aca00',
      value: '0x5',
    })
  })

  it('never uses a nonce twice, however many arrive at once', async () => {
    await node.call('evm_setAutomine', [false])
    const requests = Array.from({ length: 20 }, () => node.call('eth_sendTransaction', [{ from: alice, to: bob }]))
    await Promise.all(requests)
    expect(await node.call('txpool_status')).toEqual({ pending: '0x14', queued: '0x0' })
  })

  it('goes on after a transaction that failed', async () => {
    expect(await node.fail('eth_sendTransaction', [{ from: alice, to: fakeContracts.reverter }])).toMatchObject({ code: 3 })
    expect(await node.fail('eth_sendTransaction', [{ from: alice, to: bob, value: `0x${'f'.repeat(40)}`, gas: '0x5208' }])).toMatchObject({
      code: -32000,
      message: expect.stringContaining('insufficient funds'),
    })
    await node.call('eth_sendTransaction', [{ from: alice, to: bob }])
    expect(await node.call('eth_getTransactionCount', [alice])).toBe('0x1')
  })

  it('deploys contracts', async () => {
    const hash = await node.call('eth_sendTransaction', [{ from: alice, data: '0x6000' }])
    expect(await node.call('eth_getTransactionReceipt', [hash])).toMatchObject({ to: null, contractAddress: expect.stringMatching(/^0x/) })
  })

  const authorization = { chainId: '0x1', address: bob, nonce: '0x0', yParity: '0x1', r: '0x1', s: '0x2' }

  it.each([
    [{}, 'contract creation without any data provided'],
    [{ to: bob, chainId: '0x1' }, "chainId does not match node's (have=1, want=313372)"],
    [{ to: bob, type: '0x5' }, 'transaction type not supported'],
    [{ to: bob, type: '0x4' }, 'EIP-7702 transaction with empty auth list'],
    [{ data: '0x00', authorizationList: [authorization] }, 'EIP-7702 transaction cannot be used to create contract'],
  ])('refuses %j', async (request, message) => {
    expect(await node.fail('eth_sendTransaction', [{ from: alice, ...request }])).toMatchObject({ code: -32000, message })
  })

  it('chooses the envelope from what is given', async () => {
    expect(await signed({ to: bob, gasPrice: '0x7' })).toMatchObject({ type: 0, gasPrice: 7n, chainId: 313_372n })
    expect(await signed({ to: bob, gasPrice: '0x7', accessList: [] })).toMatchObject({ type: 1, gasPrice: 7n })
    expect(await signed({ to: bob, type: '0x0' })).toMatchObject({ type: 0, gasPrice: 2n * gwei })
    expect(await signed({ to: bob, type: '0x2', gasPrice: '0x7' })).toMatchObject({ type: 2, maxFeePerGas: 7n, maxPriorityFeePerGas: 7n })
    expect(await signed({ to: bob, maxFeePerGas: '0x7' })).toMatchObject({ type: 2, maxFeePerGas: 7n, maxPriorityFeePerGas: 7n })
    expect(await signed({ to: bob, maxPriorityFeePerGas: '0x7' })).toMatchObject({ type: 2, maxFeePerGas: 2n * gwei + 7n })
    expect(await signed({ to: bob, authorizationList: [authorization] })).toMatchObject({
      type: 4,
      authorizationList: [{ address: bob, r: 1n }],
    })
    expect(await signed({ to: bob, nonce: '0x9', gas: '0xffff' })).toMatchObject({ nonce: 9n, gas: 65_535n })
  })
})
