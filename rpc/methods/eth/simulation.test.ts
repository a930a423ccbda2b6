import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, InvalidTransactionError, keccak256Hex } from '../../../core/index.ts'
import { decodeTransaction } from '../../encoding/transaction-codec.ts'
import { toSimulationError } from '../../schemas/simulation.ts'
import { fakeContracts } from '../../testing/fake-chain.ts'
import { nopeData, signTransfer, testAddresses, testWord } from '../../testing/fake-node.ts'
import { createHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

describe('eth_simulateV1', () => {
  it('shows blocks with the results of their calls, reverts with reason and data', async () => {
    const { call } = createHarness()
    const calls = [{ to: fakeContracts.echo, input: '0x1234' }, { to: fakeContracts.reverter }, { to: fakeContracts.halter }]
    const [block] = (await call('eth_simulateV1', [{ blockStateCalls: [{ calls }] }, 'latest'])) as { calls: unknown[] }[]
    expect(block).toMatchObject({ number: '0x0', transactions: [], uncles: [] })
    expect(block?.calls).toEqual([
      { status: '0x1', returnData: '0x1234', gasUsed: '0x55f0', maxUsedGas: '0x55f0', logs: [] },
      {
        status: '0x0',
        returnData: nopeData,
        gasUsed: '0x7530',
        maxUsedGas: '0x7530',
        logs: [],
        error: { code: 3, message: 'execution reverted: nope', data: nopeData },
      },
      {
        status: '0x0',
        returnData: '0x',
        gasUsed: '0x7530',
        maxUsedGas: '0x7530',
        logs: [],
        error: { code: -32015, message: 'out of gas' },
      },
    ])
  })

  it('names bad parameters, and how many blocks it takes', async () => {
    const { fail } = createHarness()
    expect(await fail('eth_simulateV1', [{ blockStateCalls: [] }])).toMatchObject({ code: -32602, message: 'empty input' })
    expect(await fail('eth_simulateV1', [{ blockStateCalls: Array(257).fill({}) }])).toMatchObject({ code: -38026 })
    const overrides = { blockOverrides: { number: 'x' } }
    expect(await fail('eth_simulateV1', [{ blockStateCalls: [overrides] }])).toMatchObject({
      code: -32602,
      message: expect.stringContaining('blockStateCalls.0.blockOverrides.number'),
    })
    const both = { stateOverrides: { [alice]: { state: {}, stateDiff: {} } } }
    expect(await fail('eth_simulateV1', [{ blockStateCalls: [both] }])).toMatchObject({ code: -32602 })
  })

  it.each([
    ['NONCE_TOO_LOW', -38010],
    ['NONCE_TOO_HIGH', -38011],
    ['FEE_CAP_TOO_LOW', -38012],
    ['INTRINSIC_GAS', -38013],
    ['INSUFFICIENT_FUNDS', -38014],
    ['BLOCK_GAS_LIMIT', -38015],
    ['BLOCK_NUMBER_NOT_INCREASING', -38020],
    ['BLOCK_TIMESTAMP_NOT_INCREASING', -38021],
  ])('gives %s the code %d', (code, rpcCode) => {
    expect(toSimulationError(new InvalidTransactionError('words', code))).toMatchObject({ rpcCode, message: 'words' })
  })
})

describe('eth_createAccessList', () => {
  it('has the list, the gas, and why the call fails', async () => {
    const { call, calls } = createHarness()
    expect(await call('eth_createAccessList', [{ to: fakeContracts.echo }])).toEqual({ accessList: [], gasUsed: '0x55f0' })
    expect(await call('eth_createAccessList', [{ to: fakeContracts.halter }, 'pending', { [bob]: { balance: '0x1' } }])).toMatchObject({
      error: 'out of gas',
    })
    expect(calls[1]?.context).toEqual({ blockNumber: 0n, pending: true, stateOverrides: new Map([[bob, { balance: 1n }]]) })
  })
})

describe('eth_fillTransaction', () => {
  it('fills in what is missing, as bytes and as an object', async () => {
    const { call } = createHarness()
    await call('eth_sendTransaction', [{ from: alice, to: bob }])
    const { raw, tx } = Object(await call('eth_fillTransaction', [{ from: alice, to: bob, value: '0x5' }]))
    expect(tx).toMatchObject({ from: alice, to: bob, nonce: '0x1', gas: '0x5208', value: '0x5', type: '0x2', chainId: '0x4c81c', r: '0x0' })
    expect(keccak256Hex(hexToBytes(raw))).toBe(tx.hash)
    expect(decodeTransaction(hexToBytes(raw))).toMatchObject({ nonce: 1n, value: 5n, signature: { r: 0n, s: 0n, yParity: 0 } })
  })

  it('has zero for the v of an unsigned legacy transaction, and takes senders that it has no key of', async () => {
    const { call } = createHarness()
    const { raw, tx } = Object(await call('eth_fillTransaction', [{ from: fakeContracts.echo, to: bob, gasPrice: '0x77359400' }]))
    expect(tx).toMatchObject({ type: '0x0', v: '0x0', chainId: '0x4c81c', nonce: '0x0' })
    expect(raw.slice(-6)).toBe('808080')
  })
})

describe('eth_sendRawTransactionSync', () => {
  const raw = async (nonce: bigint): Promise<Hex> => bytesToHex(await signTransfer(alice, { nonce, to: bob }))

  it('answers with the receipt, at once or when the block comes', async () => {
    const { call } = createHarness()
    expect(await call('eth_sendRawTransactionSync', [await raw(0n)])).toMatchObject({ status: '0x1', blockNumber: '0x1' })
    await call('evm_setAutomine', [false])
    const waiting = call('eth_sendRawTransactionSync', [await raw(1n), 60_000])
    while (Object(await call('txpool_status')).pending !== '0x1') await new Promise((resolve) => setImmediate(resolve))
    await call('evm_mine')
    expect(await waiting).toMatchObject({ status: '0x1', blockNumber: '0x2' })
  })

  it('gives up with the hash when its time is up, and with the nonce that is missing (EIP-7966)', async () => {
    const { call, fail } = createHarness()
    await call('evm_setAutomine', [false])
    const transaction = await raw(0n)
    expect(await fail('eth_sendRawTransactionSync', [transaction, 1])).toMatchObject({
      code: 4,
      data: keccak256Hex(hexToBytes(transaction)),
    })
    expect(await fail('eth_sendRawTransactionSync', [await raw(5n)])).toMatchObject({ code: 6, data: '0x1' })
    expect(await call('txpool_status')).toEqual({ pending: '0x1', queued: '0x1' })
  })
})

describe('eth_getStorageValues', () => {
  it('reads slots of several accounts at once', async () => {
    const { call, chain } = createHarness()
    chain.slots.set(`${alice}:1`, 7n)
    expect(await call('eth_getStorageValues', [{ [alice]: ['0x1', '0x02'], [bob]: ['0x0'] }, 'latest'])).toEqual({
      [alice]: [testWord(7), testWord(0)],
      [bob]: [testWord(0)],
    })
  })

  it('refuses none and too many', async () => {
    const { fail } = createHarness()
    expect(await fail('eth_getStorageValues', [{}])).toMatchObject({ code: -32602, message: 'empty request' })
    const half = Array.from({ length: 600 }, (_, i) => `0x${i.toString(16)}`)
    expect(await fail('eth_getStorageValues', [{ [alice]: half, [bob]: half }])).toMatchObject({ code: -32602 })
  })
})

describe('eth_config', () => {
  it('has one fork, the precompiles that the chain has, and no blobs', async () => {
    const { call } = createHarness()
    const { current, next } = Object(await call('eth_config'))
    expect(next).toBeNull()
    expect(current).toMatchObject({
      chainId: '0x4c81c',
      activationTime: 0,
      blobSchedule: { max: 0 },
      forkId: expect.stringMatching(/^0x[0-9a-f]{8}$/),
    })
    expect(current.precompiles.P256VERIFY).toBe('0x0000000000000000000000000000000000000100')
    expect(current.precompiles.BLS12_MAP_FP2_TO_G2).toBe('0x0000000000000000000000000000000000000011')
    expect(Object.keys(current.precompiles)).toHaveLength(17)
    expect(current.precompiles).not.toHaveProperty('KZG_POINT_EVALUATION')
  })
})

describe('the pending block', () => {
  it('has the transactions and the state that sealing would give', async () => {
    const { call } = createHarness()
    await call('evm_setAutomine', [false])
    await call('eth_sendRawTransaction', [bytesToHex(await signTransfer(alice, { nonce: 0n, to: bob, value: 9n }))])
    const before = BigInt(String(await call('eth_getBalance', [bob, 'latest'])))
    expect(BigInt(String(await call('eth_getBalance', [bob, 'pending'])))).toBe(before + 9n)
    expect(await call('eth_getTransactionCount', [alice, 'pending'])).toBe('0x1')
    const pending = Object(await call('eth_getBlockByNumber', ['pending', true]))
    expect(pending).toMatchObject({ number: '0x1', hash: null, nonce: null, gasUsed: '0x5208' })
    expect(pending.transactions).toMatchObject([{ from: alice, to: bob, blockHash: null, transactionIndex: null }])
    expect(await call('eth_getBlockTransactionCountByNumber', ['pending'])).toBe('0x1')
    expect(await call('eth_getTransactionByBlockNumberAndIndex', ['pending', '0x0'])).toMatchObject({ from: alice, blockHash: null })
  })
})
