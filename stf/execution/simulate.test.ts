import { describe, expect, it } from 'vitest'
import { bytesToBigint, bytesToHex, type CallRequest, type Hex, hexToBytes } from '../../core/index.ts'
import { proveAccount } from '../state/proof.ts'
import { WorldState } from '../state/world-state.ts'
import { blockHashCode, callData, countCode, initCode, storeCode, tokenCode } from '../testing/contracts.ts'
import { DevChain, signAuthorization, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { estimateGas } from './estimate-gas.ts'
import { revertReason } from './revert-reason.ts'
import { type SimulateCallOptions, simulateCall } from './simulate.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const storage = at('01')
const token = at('02')
const counter = at('03')
const hashes = at('04')
const environment = at('05')
const reverts = at('06')
const spinner = at('07')
const contracts = [
  // JUMPDEST, PUSH0, JUMP: until the gas is spent.
  { address: spinner, code: hexToBytes('0x5b5f56') },
  { address: storage, code: hexToBytes(storeCode) },
  { address: token, code: hexToBytes(tokenCode) },
  { address: counter, code: hexToBytes(countCode) },
  { address: hashes, code: hexToBytes(blockHashCode) },
  // Returns NUMBER, TIMESTAMP, BASEFEE, GASLIMIT, CALLER's balance.
  { address: environment, code: hexToBytes('0x435f52426020524860405245606052333160805260a05ff3') },
  // REVERT with Error("no").
  {
    address: reverts,
    code: hexToBytes(
      ('0x7f08c379a0000000000000000000000000000000000000000000000000000000005f526020600452600260245261' +
        '6e6f' +
        '60f01b60445260645ffd') as Hex,
    ),
  },
]

const words = (data: Uint8Array): bigint[] =>
  Array.from({ length: data.length / 32 }, (_, i) => bytesToBigint(data.subarray(32 * i, 32 * i + 32)))

async function simulation(): Promise<{
  chain: DevChain
  run: (call: CallRequest, more?: Partial<SimulateCallOptions>) => ReturnType<typeof simulateCall>
  options: SimulateCallOptions
}> {
  const chain = await DevChain.create(contracts)
  await chain.mine([signTransaction({ from: alice, nonce: 0n, to: counter, data: callData(1n, 0n) })])
  const options: SimulateCallOptions = {
    common: testCommon,
    state: WorldState.at(chain.head.stateRoot, chain.stateStore),
    environment: chain.head,
    call: {},
  }
  return { chain, options, run: (call, more = {}) => simulateCall({ ...options, ...more, call }) }
}

describe('simulateCall', () => {
  it('gives others a turn while it computes', async () => {
    const { run } = await simulation()
    let turns = 0
    const count = (): void => {
      turns++
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    // 11 gas per 3 instructions: some 27,000 of them.
    await run({ to: spinner, gas: 121_000n })
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(2)
  })

  it('gives return data and the gas that a receipt would have, and leaves no trace', async () => {
    const { chain, run, options } = await simulation()
    const data = callData(1n, 0n)
    const outcome = await run({ from: alice.address, to: counter, data: hexToBytes(data) })
    expect(outcome).toMatchObject({ status: 'success', returnData: new Uint8Array(0) })
    expect(options.state.root).toBe(chain.head.stateRoot)
    expect(await run({ from: alice.address, to: counter, data: hexToBytes(data) })).toEqual(outcome)
    const { receipts } = await chain.mine([signTransaction({ from: alice, nonce: 1n, to: counter, data })])
    expect(receipts[0]?.gasUsed).toBe(outcome.gasUsed)
  })

  it('counts refunds, creation and the floor of calldata as a receipt does', async () => {
    const { chain, run } = await simulation()
    await chain.mine([signTransaction({ from: alice, nonce: 1n, to: storage, data: callData(9n, 9n) })])
    const state = WorldState.at(chain.head.stateRoot, chain.stateStore)
    const calls: { to?: Hex; data: Hex }[] = [
      { to: storage, data: callData(9n, 0n) },
      { data: initCode(tokenCode) },
      { to: bob.address, data: `0x${'11'.repeat(500)}` },
    ]
    const simulated = []
    for (const { data, ...call } of calls)
      simulated.push((await run({ from: alice.address, ...call, data: hexToBytes(data) }, { state })).gasUsed)
    const { receipts } = await chain.mine(calls.map((call, i) => signTransaction({ from: alice, nonce: BigInt(2 + i), ...call })))
    expect(receipts.map(({ gasUsed }) => gasUsed)).toEqual(simulated)
  })

  it('sets delegations as a transaction does, and skips those that are invalid (EIP-7702)', async () => {
    const { chain, run } = await simulation()
    const valid = await signAuthorization(bob, counter, 0n)
    const wrongNonce = await signAuthorization(alice, counter, 9n)
    const authorizationList = [valid, wrongNonce].map(({ chainId, address, nonce, yParity, r, s }) => {
      const value = (hex: Hex) => (hex === '0x' ? 0n : BigInt(hex))
      return { chainId: value(chainId), address, nonce: value(nonce), yParity: value(yParity), r: value(r), s: value(s) }
    })
    const data = callData(3n, 0n)
    const outcome = await run({ from: alice.address, to: bob.address, data: hexToBytes(data), authorizationList })
    const { receipts } = await chain.mine([
      signTransaction({ from: alice, nonce: 1n, to: bob.address, data, authorizationList: [valid, wrongNonce] }),
    ])
    expect(outcome).toMatchObject({ status: 'success', gasUsed: receipts[0]?.gasUsed })
    expect(proveAccount({ root: chain.head.stateRoot, address: bob.address, keys: [3n] }, chain.stateStore).storageProof[0]?.value).toBe(1n)
  })

  it('tells reverts from other halts', async () => {
    const { run } = await simulation()
    const reverted = await run({ to: reverts })
    expect(reverted).toMatchObject({ status: 'revert', error: 'execution reverted' })
    expect(revertReason(reverted.returnData)).toBe('no')
    expect(await run({ to: counter, data: hexToBytes(callData(1n, 0n)), gas: 25_000n })).toMatchObject({
      status: 'halt',
      error: 'out of gas',
      gasUsed: 25_000n,
    })
    expect(await run({ data: hexToBytes('0xfe') })).toMatchObject({ status: 'halt', error: 'invalid opcode' })
    // PUSH1 0, JUMP
    expect(await run({ data: hexToBytes('0x600056') })).toMatchObject({ status: 'halt', error: 'invalid jump destination' })
  })

  it('lives in the environment that it is given', async () => {
    const { chain, run } = await simulation()
    const { head } = chain
    const seen = words((await run({ to: environment, from: alice.address })).returnData)
    expect(seen.slice(0, 4)).toEqual([head.number, head.timestamp, 0n, head.gasLimit])
    const blockOverrides = { number: 7n, timestamp: 8n, baseFeePerGas: 9n, gasLimit: 10n }
    const overridden = words(
      (await run({ to: environment, gasPrice: 10n, gas: 100_000n, from: alice.address }, { blockOverrides })).returnData,
    )
    expect(overridden.slice(0, 4)).toEqual([7n, 8n, 9n, 10n])
    expect(bytesToHex((await run({ to: hashes, data: hexToBytes(callData(0n)) })).returnData)).toBe(chain.genesis.block.hash)
  })

  it('applies state overrides for the call only', async () => {
    const { run } = await simulation()
    const from = bob.address
    const stateOverrides = new Map([
      [from, { balance: 5n, nonce: 7n }],
      [bob.address, { balance: 5n, nonce: 7n, code: hexToBytes('0x5f545f526001545f015f5160205260405260605ff3') }],
      [at('77'), { code: hexToBytes('0x5f545f5260015460205260405ff3'), state: [{ slot: 0n, value: 3n }] }],
      [counter, { code: hexToBytes('0x5f545f5260015460205260405ff3'), stateDiff: [{ slot: 0n, value: 4n }] }],
    ])
    expect(words((await run({ to: environment, from }, { stateOverrides })).returnData)[4]).toBe(5n)
    expect(words((await run({ to: at('77') }, { stateOverrides })).returnData)).toEqual([3n, 0n])
    expect(words((await run({ to: counter }, { stateOverrides })).returnData)).toEqual([4n, 1n])
    expect((await run({ to: at('77') })).returnData).toEqual(new Uint8Array(0))
    const both = new Map([[counter, { state: [], stateDiff: [] }]])
    await expect(run({ to: counter }, { stateOverrides: both })).rejects.toMatchObject({ name: 'InvalidTransactionError' })
  })

  it('lets contracts call, and callers without funds', async () => {
    const { run } = await simulation()
    expect(await run({ from: token, to: environment })).toMatchObject({ status: 'success' })
    expect(await run({ from: at('99'), to: environment })).toMatchObject({ status: 'success' })
  })

  it.each<[string, CallRequest, string]>([
    ['value without funds', { from: at('99'), value: 1n }, 'INSUFFICIENT_FUNDS'],
    ['a price without funds', { from: at('99'), gasPrice: 10n ** 9n }, 'INSUFFICIENT_FUNDS'],
    ['a price below the base fee', { from: alice.address, gasPrice: 1n }, 'FEE_CAP_TOO_LOW'],
    ['a tip above the fee', { from: alice.address, maxFeePerGas: 1n, maxPriorityFeePerGas: 2n }, 'INVALID_TRANSACTION'],
    ['two kinds of price', { gasPrice: 1n, maxFeePerGas: 1n }, 'INVALID_TRANSACTION'],
    ['less gas than the transaction itself costs', { gas: 20_999n }, 'INTRINSIC_GAS'],
    ['init code that is too long (EIP-3860)', { to: null, data: new Uint8Array(49_153) }, 'INVALID_TRANSACTION'],
  ])('refuses %s', async (_, call, code) => {
    const { run } = await simulation()
    await expect(run({ to: bob.address, ...call })).rejects.toMatchObject({ name: 'InvalidTransactionError', code })
  })

  it('does not change the state that it runs on, even in the middle of a block', async () => {
    const { chain } = await simulation()
    const execution = await chain.begin()
    await execution.addTransaction(signTransaction({ from: alice, nonce: 1n, to: counter, data: callData(1n, 0n) }))
    const outcome = await simulateCall({
      common: testCommon,
      state: chain.state,
      environment: execution.header,
      call: { from: bob.address, to: counter, data: hexToBytes(callData(1n, 0n)) },
    })
    expect(outcome.status).toBe('success')
    await chain.seal(execution)
    expect(proveAccount({ root: chain.head.stateRoot, address: counter, keys: [1n] }, chain.stateStore).storageProof[0]?.value).toBe(2n)
  })
})

describe('estimateGas', () => {
  it('is the smallest gas limit with which the transaction succeeds', async () => {
    const { chain, options } = await simulation()
    const calls: { to?: Hex; data?: Hex; value?: bigint }[] = [
      { to: bob.address, value: 1n },
      { to: counter, data: callData(5n, 0n) },
      { data: initCode(tokenCode) },
    ]
    for (const { data, ...call } of calls) {
      const request = { from: alice.address, ...call, ...(data && { data: hexToBytes(data) }) }
      const gas = await estimateGas({ ...options, call: request })
      const fields = { from: alice, nonce: 1n, ...call, ...(data && { data }) }
      const enough = await (await chain.begin()).addTransaction(signTransaction({ ...fields, gasLimit: gas }))
      chain.state.discard()
      expect(enough.succeeded).toBe(true)
      const short = await chain.begin()
      const tooLittle = await short.addTransaction(signTransaction({ ...fields, gasLimit: gas - 1n })).then(
        ({ succeeded }) => succeeded,
        () => false,
      )
      short.abandon()
      expect(tooLittle).toBe(false)
    }
  })

  it('says why no limit is enough', async () => {
    const { options } = await simulation()
    await expect(estimateGas({ ...options, call: { to: reverts } })).rejects.toMatchObject({
      code: 'EXECUTION_REVERTED',
      message: 'execution reverted: no',
    })
    await expect(estimateGas({ ...options, call: { data: hexToBytes('0x5b5f56') } })).rejects.toMatchObject({
      code: 'GAS_EXCEEDS_ALLOWANCE',
    })
    const poor = { from: at('99'), to: bob.address, gasPrice: 10n ** 10n, value: 0n }
    await expect(estimateGas({ ...options, call: poor })).rejects.toMatchObject({ name: 'InvalidTransactionError' })
  })
})
