import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BlocksSimulation, bytesToBigint, type CallRequest, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'
import { WorldState } from '../state/world-state.ts'
import { blockHashCode, callData, countCode, initCode, storeCode, tokenCode } from '../testing/contracts.ts'
import { coinbase, DevChain, inboxRoot, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { simulateBlocks } from './simulate-blocks.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const storage = at('01')
const token = at('02')
const counter = at('03')
const hashes = at('04')
const sender = at('05')
const stranger: Hex = '0xc100000000000000000000000000000000000000'
const other: Hex = '0xc200000000000000000000000000000000000000'
const contracts = [
  { address: storage, code: hexToBytes(storeCode) },
  { address: token, code: hexToBytes(tokenCode) },
  { address: counter, code: hexToBytes(countCode) },
  { address: hashes, code: hexToBytes(blockHashCode) },
  // Sends 5 wei to calldata[0], logs nothing with no topics, sends 6 wei, and reverts if calldata[32] is set.
  {
    address: sender,
    code: hexToBytes('0x5f5f5f5f60055f355af1505f5fa05f5f5f5f60065f355af150602035602057005b5f5ffd'),
  },
]
const gwei = 10n ** 9n

const simulation = (blocks: BlocksSimulation['blocks'], more: Partial<BlocksSimulation> = {}): BlocksSimulation => ({
  blocks,
  traceTransfers: false,
  validation: false,
  ...more,
})

async function simulator() {
  const chain = await DevChain.create(contracts)
  await chain.mine([signTransaction({ from: alice, nonce: 0n, to: counter, data: callData(1n, 0n) })])
  const state = WorldState.at(chain.head.stateRoot, chain.stateStore)
  const run = (request: BlocksSimulation) => simulateBlocks({ ...request, common: testCommon, state, base: chain.head })
  return { chain, state, run }
}

describe('simulateBlocks', () => {
  it('makes the very block that the chain then makes of the same calls, signatures aside', async () => {
    const { chain, run } = await simulator()
    const fees = { maxFeePerGas: 100n * gwei, maxPriorityFeePerGas: gwei, gas: 1_000_000n }
    const plain: (CallRequest & { data?: Uint8Array })[] = [
      { from: alice.address, to: counter, data: hexToBytes(callData(1n, 0n)), ...fees },
      { from: alice.address, data: hexToBytes(initCode(storeCode)), ...fees },
      { from: bob.address, to: token, data: hexToBytes(callData(alice.address, 3n)), ...fees },
      { from: bob.address, to: counter, data: hexToBytes(callData(1n, 1n)), ...fees },
      { from: bob.address, to: stranger, value: 9n, ...fees },
    ]
    const { timestamp } = chain.head
    const blockOverrides = {
      timestamp: timestamp + 1n,
      prevRandao: `0x${'7a'.repeat(32)}`,
      parentBeaconBlockRoot: inboxRoot,
      coinbase,
    } as const
    const [simulated] = await run(simulation([{ blockOverrides, calls: plain }], { validation: true }))
    const hex = (data: Uint8Array | undefined): Hex => `0x${Buffer.from(data ?? []).toString('hex')}`
    const nonces = new Map([
      [alice.address, 1n],
      [bob.address, 0n],
    ])
    const signed = plain.map(({ from, to, value = 0n, data }) => {
      const account = from === alice.address ? alice : bob
      const nonce = nonces.get(account.address) ?? 0n
      nonces.set(account.address, nonce + 1n)
      return signTransaction({ from: account, nonce, ...(typeof to === 'string' && { to }), value, data: hex(data) })
    })
    const { block, receipts } = await chain.mine(signed)
    expect(simulated?.block.header).toEqual({
      ...block.header,
      extraData: simulated?.block.header.extraData,
      transactionsRoot: simulated?.block.header.transactionsRoot,
    })
    expect(simulated?.calls.map(({ gasUsed, status }) => [gasUsed, status === 'success'])).toEqual(
      receipts.map(({ gasUsed, succeeded }) => [gasUsed, succeeded]),
    )
    const shown = simulated?.calls.flatMap(({ logs }) =>
      logs.map(({ address, topics, data, logIndex }) => ({ address, topics, data, logIndex })),
    )
    expect(shown).toEqual(
      receipts.flatMap(({ logs }) => logs.map(({ address, topics, data, logIndex }) => ({ address, topics, data, logIndex }))),
    )
  })

  it('builds each call and block on the one before, with overrides, and leaves nothing behind', async () => {
    const { chain, state, run } = await simulator()
    const count = { from: alice.address, to: counter, data: hexToBytes(callData(1n, 0n)) }
    const blocks = await run(
      simulation([
        { calls: [count, count] },
        { stateOverrides: new Map([[stranger, { balance: 1_000n }]]), calls: [{ from: stranger, to: other, value: 400n }, count] },
        { stateOverrides: new Map([[counter, { state: [{ slot: 7n, value: 7n }] }]]), calls: [count] },
      ]),
    )
    expect(blocks.map(({ block: { header } }) => header.number)).toEqual([2n, 3n, 4n])
    expect(blocks.map(({ block: { header } }) => header.timestamp)).toEqual([12n, 24n, 36n].map((after) => chain.head.timestamp + after))
    expect(blocks[1]?.block.header.parentHash).toBe(blocks[0]?.block.hash)
    expect(blocks.flatMap(({ calls }) => calls.map(({ status }) => status))).toEqual(Array(5).fill('success'))
    // 0 -> 1 costs more than 1 -> 2: the storage was replaced as a whole.
    expect(blocks[2]?.calls[0]?.gasUsed).toBe((blocks[0]?.calls[0]?.gasUsed ?? 0n) + 17_100n)
    expect(blocks[0]?.block.header.baseFeePerGas).toBe(0n)
    expect(state.root).toBe(chain.head.stateRoot)
    expect(state.openCheckpoints).toBe(0)
    const [again] = await run(simulation([{ calls: [count] }]))
    expect(again?.calls[0]?.gasUsed).toBe(blocks[0]?.calls[0]?.gasUsed)
  })

  it('gives simulated blocks hashes that BLOCKHASH knows, also of those that fill a gap', async () => {
    const { chain, run } = await simulator()
    const ask = (number: bigint): CallRequest => ({ to: hashes, data: hexToBytes(callData(number)) })
    const blocks = await run(simulation([{ calls: [] }, { blockOverrides: { number: 6n }, calls: [ask(1n), ask(2n), ask(5n), ask(6n)] }]))
    expect(blocks.map(({ block }) => block.header.number)).toEqual([2n, 3n, 4n, 5n, 6n])
    const asked = blocks[4]?.calls.map(({ returnData }) => bytesToBigint(returnData))
    const hash = (index: number) => BigInt(blocks[index]?.block.hash ?? 0)
    expect(asked).toEqual([BigInt(chain.blocks[0]?.block.hash ?? 0), hash(0), hash(3), 0n])
  })

  it('shows transfers of ETH among the logs in their order, but not those that were reverted', async () => {
    const { run } = await simulator()
    const calls = [0n, 1n].map((fails) => ({ from: alice.address, to: sender, value: 20n, data: hexToBytes(callData(stranger, fails)) }))
    const [block] = await run(simulation([{ calls }], { traceTransfers: true }))
    const word = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`
    const transfer = (from: Hex, to: Hex, value: bigint) => ({
      address: '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',
      topics: [keccak256Hex(new TextEncoder().encode('Transfer(address,address,uint256)')), word(from), word(to)],
      data: callData(value),
    })
    expect(block?.calls[0]?.logs).toMatchObject([
      { ...transfer(alice.address, sender, 20n), logIndex: 0 },
      { ...transfer(sender, stranger, 5n), logIndex: 1 },
      { address: sender, topics: [], data: '0x', logIndex: 2 },
      { ...transfer(sender, stranger, 6n), logIndex: 3 },
    ])
    expect(block?.calls[1]).toMatchObject({ status: 'revert', logs: [] })
    const [silent] = await run(simulation([{ calls }]))
    expect(silent?.calls[0]?.logs).toHaveLength(1)
    expect(silent?.block.header.logsBloom).toBe(block?.block.header.logsBloom)
  })

  it('moves precompiles, for this and the later blocks of the request only', async () => {
    const { run } = await simulator()
    const identity: Hex = '0x0000000000000000000000000000000000000004'
    const echo = (to: Hex): CallRequest => ({ to, data: Uint8Array.of(1, 2, 3) })
    const calls = [echo(identity), echo(stranger)]
    const moved = simulation([{ stateOverrides: new Map([[identity, { movePrecompileTo: stranger }]]), calls }, { calls }])
    const returned = (await run(moved)).map((block) => block.calls.map(({ returnData }) => returnData.length))
    expect(returned).toEqual([
      [0, 3],
      [0, 3],
    ])
    expect((await run(simulation([{ calls }])))[0]?.calls.map(({ returnData }) => returnData.length)).toEqual([3, 0])
    // An override of a precompile gives it the code of that account.
    const code = new Map([[identity, { code: hexToBytes('0x60015f5260205ff3') }]])
    expect((await run(simulation([{ stateOverrides: code, calls }])))[0]?.calls[0]?.returnData.length).toBe(32)
  })

  it.each<[string, string, BlocksSimulation]>([
    ['a nonce that was used', 'NONCE_TOO_LOW', simulation([{ calls: [{ from: alice.address, nonce: 0n }] }], { validation: true })],
    ['a nonce that leaves a gap', 'NONCE_TOO_HIGH', simulation([{ calls: [{ from: alice.address, nonce: 5n }] }], { validation: true })],
    ['no price', 'FEE_CAP_TOO_LOW', simulation([{ calls: [{ from: alice.address }] }], { validation: true })],
    ['too little gas', 'INTRINSIC_GAS', simulation([{ calls: [{ from: alice.address, gas: 20_000n }] }])],
    ['more value than there is', 'INSUFFICIENT_FUNDS', simulation([{ calls: [{ from: stranger, value: 1n }] }])],
    ['more gas than the block has', 'BLOCK_GAS_LIMIT', simulation([{ calls: [{ gas: 30_000_001n }] }])],
    ['a block number that falls', 'BLOCK_NUMBER_NOT_INCREASING', simulation([{ blockOverrides: { number: 1n }, calls: [] }])],
    ['a time that falls', 'BLOCK_TIMESTAMP_NOT_INCREASING', simulation([{ blockOverrides: { timestamp: 1n }, calls: [] }])],
    ['a thousand blocks', 'CLIENT_LIMIT_EXCEEDED', simulation([{ blockOverrides: { number: 1_000n }, calls: [] }])],
    [
      'a precompile moved to itself',
      'PRECOMPILE_MOVED_TO_ITSELF',
      simulation([
        {
          stateOverrides: new Map([
            [at('04').replace(/^0x.*04$/, `0x${'4'.padStart(40, '0')}`) as Hex, { movePrecompileTo: `0x${'4'.padStart(40, '0')}` }],
          ]),
          calls: [],
        },
      ]),
    ],
  ])('refuses %s, and the state is as before', async (_name, code, request) => {
    const { chain, state, run } = await simulator()
    await expect(run(request)).rejects.toMatchObject({ code })
    expect(state.openCheckpoints).toBe(0)
    expect(state.now.account(alice.address)?.nonce).toBe(1n)
    expect(chain.head.number).toBe(1n)
  })

  it('says of calls that fail why, without giving the others up', async () => {
    const { run } = await simulator()
    const calls = [
      { to: counter, data: hexToBytes(callData(1n, 1n)) },
      { to: at('01'), gas: 22_000n, data: hexToBytes(callData(1n, 1n)) },
      {},
    ]
    const [block] = await run(simulation([{ calls }]))
    expect(block?.calls).toMatchObject([
      { status: 'revert', error: 'execution reverted' },
      { status: 'halt', error: 'out of gas', gasUsed: 22_000n },
      { status: 'success', gasUsed: 53_000n },
    ])
  })

  it('gives roots that do not depend on how the calls are cut into requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ slot: fc.bigInt(0n, 4n), value: fc.bigInt(0n, 2n), from: fc.nat(3) }), { minLength: 1, maxLength: 6 }),
        async (writes) => {
          const { chain, run } = await simulator()
          const accounts = writes.map(({ from }) => testAccounts[from] ?? alice)
          const blocks = writes.map(({ slot, value }, i) => ({
            blockOverrides: {
              timestamp: chain.head.timestamp + BigInt(i + 1),
              prevRandao: `0x${'7a'.repeat(32)}` as Hex,
              parentBeaconBlockRoot: inboxRoot,
            },
            calls: [
              {
                from: accounts[i]?.address ?? '0x',
                to: storage,
                data: hexToBytes(callData(slot, value)),
                gas: 1_000_000n,
                maxFeePerGas: 100n * gwei,
                maxPriorityFeePerGas: gwei,
              },
            ],
          }))
          const simulated = await run(simulation(blocks, { validation: true }))
          const nonces = new Map<TestAccount, bigint>([[alice, 1n]])
          for (const [i, { slot, value }] of writes.entries()) {
            const from = accounts[i] ?? alice
            const nonce = nonces.get(from) ?? 0n
            nonces.set(from, nonce + 1n)
            const { block } = await chain.mine([signTransaction({ from, nonce, to: storage, data: callData(slot, value) })])
            // The parents' hashes differ by the signatures, and EIP-2935 stores them.
            expect(simulated[i]?.block.header).toMatchObject({ gasUsed: block.header.gasUsed, receiptsRoot: block.header.receiptsRoot })
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})
