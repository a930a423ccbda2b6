import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, type CallFrame, type Hex } from '../../core/index.ts'
import { account, ether, type Fields, sign, testChainId, testCoinbase } from '../../sequencer/testing/test-chain.ts'
import { countCode, initCode, storeCode, tokenCode } from '../../stf/testing/contracts.ts'
import { type AnvilOracle, hasAnvil, startAnvilOracle } from '../testing/anvil-oracle.ts'
import { type RpcOnChain, startRpcOnChain, wordsOf } from '../testing/rpc-on-chain.ts'

const [alice, bob] = [account(0), account(1)]
const at = (last: number): Hex => `0x00000000000000000000000000000000000c0d${last.toString(16).padStart(2, '0')}`
const [counter, token, caller, factory, logger, thrower, spender] = [at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
const sha256 = '0x0000000000000000000000000000000000000002'
const push = (address: Hex) => `73${address.slice(2)}`
const contracts = [
  { address: counter, code: countCode },
  { address: token, code: tokenCode },
  // Copies its calldata; CALLs the counter with 3 wei, STATICCALLs it (which fails), DELEGATECALLs it, hashes by the precompile.
  {
    address: caller,
    code: `0x60405f5f375f5f60405f6003${push(counter)}61fffff1505f5f60405f${push(counter)}61fffffa505f5f60405f${push(counter)}61fffff450602060405f5f5f600261fffff15000`,
  },
  { address: factory, code: '0x365f5f37365f5ff05f525f365f5ff55060205ff3' },
  // LOG2 with its calldata, then calls the token.
  { address: logger, code: `0x60405f5f376001600260405fa25f5f60405f5f${push(token)}5af160405260206040f3` },
  // CALLs the counter, and CREATEs, with more value than it has; then it goes on.
  { address: spender, code: `0x60405f5f375f5f60405f6064${push(counter)}61fffff15060405f6064f05000` },
  // Reverts with Error("no").
  {
    address: thrower,
    code: '0x7f08c379a0000000000000000000000000000000000000000000000000000000005f52602060045260026024527f6e6f0000000000000000000000000000000000000000000000000000000000006044525f6064525f60045260206004525f5060645ffd',
  },
] as const satisfies readonly { address: Hex; code: Hex }[]

const transactions: readonly (Record<string, unknown> & Pick<Fields, 'from'>)[] = [
  { from: alice, to: counter, data: wordsOf(5n, 0n) },
  { from: alice, to: counter, data: wordsOf(5n, 0n) },
  { from: alice, to: counter, data: wordsOf(5n, 1n) },
  { from: bob, to: token, data: wordsOf(alice.address, 7n) },
  { from: bob, to: caller, data: wordsOf(1n, 0n), value: 20n, gasLimit: 500_000n },
  { from: alice, to: factory, data: initCode(storeCode), gasLimit: 500_000n },
  { from: alice, to: undefined, data: initCode(countCode), gasLimit: 500_000n },
  { from: bob, to: logger, data: wordsOf(alice.address, 2n), gasLimit: 300_000n },
  { from: bob, to: thrower, data: '0x' },
  { from: alice, to: bob.address, value: 5n },
  { from: alice, to: spender, data: wordsOf(1n, 0n), value: 5n },
]

/** Answers of both nodes to the same request. */
async function both<T>(nodes: Nodes, method: string, ...params: unknown[]): Promise<{ ours: T; theirs: T }> {
  const [ours, theirs] = await Promise.all([nodes.rpc.call<T>(method, ...params), nodes.anvil.call<T>(method, ...params)])
  return { ours, theirs }
}

interface Nodes {
  readonly rpc: RpcOnChain
  readonly anvil: AnvilOracle
}

const sortedByAddress = <T extends { address: string }>(list: readonly T[]) => list.toSorted((a, b) => (a.address < b.address ? -1 : 1))

if (!hasAnvil) process.stderr.write('anvil is not installed for this platform: nothing is compared with it\n')

describe.skipIf(!hasAnvil)('the same requests to anvil and to us', () => {
  let nodes: Nodes
  const hashes: Hex[] = []

  beforeAll(async () => {
    const rpc = await startRpcOnChain({ predeploys: contracts })
    const accounts = [alice, bob].map(({ address }) => ({ address, balance: 1000n * ether }))
    const { timestamp } = rpc.chain.store.head().header
    const anvil = await startAnvilOracle({ chainId: testChainId, timestamp, coinbase: testCoinbase, accounts: [...accounts, ...contracts] })
    nodes = { rpc, anvil }
    const nonces = new Map([
      [alice, 0n],
      [bob, 0n],
    ])
    for (const fields of transactions) {
      const nonce = nonces.get(fields.from) ?? 0n
      nonces.set(fields.from, nonce + 1n)
      const raw = bytesToHex(sign({ ...fields, nonce }))
      hashes.push(await rpc.call('eth_sendRawTransaction', raw))
      await anvil.call('anvil_setNextBlockBaseFeePerGas', `0x${rpc.chain.store.head().header.baseFeePerGas.toString(16)}`)
      expect(await anvil.call('eth_sendRawTransaction', raw)).toBe(hashes.at(-1))
    }
  })
  afterAll(() => nodes?.anvil.stop())

  it('give the same receipts', async () => {
    for (const hash of hashes) {
      const { ours, theirs } = await both<Record<string, unknown>>(nodes, 'eth_getTransactionReceipt', hash)
      for (const field of ['status', 'gasUsed', 'contractAddress', 'logsBloom', 'type', 'from', 'to', 'effectiveGasPrice']) {
        expect([field, ours[field]]).toEqual([field, theirs[field]])
      }
    }
  })

  it('give the same trees of calls', async () => {
    // Of optional fields, anvil leaves out or writes 0x where geth does the other. For the outermost gas it leaves out the intrinsic part.
    const plain = (
      { type, from, to, value = '0x0', gasUsed, input, output = '0x', error, logs, calls = [] }: CallFrame,
      gas?: Hex,
    ): object => ({
      ...{ type, from, to, gas, gasUsed, input, output, isFailed: error !== undefined },
      ...(type !== 'STATICCALL' && { value }),
      logs: (logs ?? []).map(({ address, topics, data, position }) => ({ address, topics, data, position })),
      calls: calls.map((call) => plain(call, call.gas)),
    })
    for (const hash of hashes) {
      const { ours, theirs } = await both<CallFrame>(nodes, 'debug_traceTransaction', hash, {
        tracer: 'callTracer',
        tracerConfig: { withLog: true },
      })
      expect(plain(ours)).toEqual(plain(theirs))
    }
  })

  it('give the same instructions with the same gas', async () => {
    interface Step {
      readonly pc: number
      readonly op: string
      readonly gas: number
      readonly gasCost: number
      readonly depth: number
      readonly stack: Hex[]
    }
    const isCall = (op: string) => op.includes('CALL') || op.startsWith('CREATE')
    for (const hash of hashes) {
      const { ours, theirs } = await both<{ structLogs: Step[]; gas: number; failed: boolean }>(nodes, 'debug_traceTransaction', hash)
      expect([ours.gas, ours.failed]).toEqual([theirs.gas, theirs.failed])
      // anvil counts what a call passes on another way than geth.
      const steps = ({ structLogs }: typeof ours) =>
        structLogs.map(({ pc, op, gas, gasCost, depth, stack }) => ({ pc, op, gas, depth, stack, gasCost: isCall(op) ? 0 : gasCost }))
      expect(steps(ours)).toEqual(steps(theirs))
    }
  })

  it('give the same state before, and the same changes', async () => {
    // Accounts that did not exist: geth leaves them out since 2025.
    const withoutEmpty = (accounts: Record<string, Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(accounts).filter(([, { balance, ...rest }]) => balance !== '0x0' || Object.keys(rest).length > 0))
    for (const hash of hashes) {
      for (const diffMode of [false, true]) {
        const config = { tracer: 'prestateTracer', tracerConfig: { diffMode } }
        const { ours, theirs } = await both<Record<string, Record<string, unknown>>>(nodes, 'debug_traceTransaction', hash, config)
        expect(ours).toEqual(diffMode ? { ...theirs, pre: withoutEmpty(Object(theirs.pre)) } : withoutEmpty(theirs))
      }
    }
  })

  it('give the same flat traces and functions', async () => {
    const plain = ({ action, result, error, traceAddress, type }: Record<string, unknown>) => {
      const { creationMethod: _, ...known } = action as Record<string, unknown>
      return { action: known, result: result ?? undefined, isFailed: error !== undefined, traceAddress, type }
    }
    for (const hash of hashes) {
      const flat = await both<Record<string, unknown>[]>(nodes, 'trace_transaction', hash)
      // Parity and geth leave calls of precompiles out; here it is the last one, so that no path changes.
      const isShown = ({ action }: ReturnType<typeof plain>) => action.to !== sha256
      expect(flat.ours.map(plain)).toEqual(flat.theirs.map(plain).filter(isShown))
      const functions = await both(nodes, 'debug_traceTransaction', hash, { tracer: '4byteTracer' })
      expect(functions.ours).toEqual(functions.theirs)
    }
  })

  it('give the same access lists and estimates', async () => {
    const calls = [
      { from: alice.address, to: counter, data: wordsOf(9n, 0n) },
      { from: alice.address, to: caller, data: wordsOf(9n, 0n), value: '0x14' },
      { from: bob.address, to: logger, data: wordsOf(alice.address, 2n) },
    ]
    for (const call of calls) {
      const { ours, theirs } = await both<{ accessList: { address: Hex; storageKeys: Hex[] }[]; gasUsed: Hex }>(
        nodes,
        'eth_createAccessList',
        call,
      )
      expect(sortedByAddress(ours.accessList)).toEqual(
        sortedByAddress(theirs.accessList).map(({ address, storageKeys }) => ({ address, storageKeys: storageKeys.toSorted() })),
      )
    }
  })

  it('give the same simulated blocks', async () => {
    const simulation = {
      blockStateCalls: [
        {
          stateOverrides: { [bob.address]: { balance: '0xde0b6b3a7640000' }, [counter]: { stateDiff: { [wordsOf(5n)]: wordsOf(40n) } } },
          calls: [
            { from: bob.address, to: counter, input: wordsOf(5n, 0n) },
            { from: bob.address, to: alice.address, value: '0x7' },
            { from: bob.address, to: counter, input: wordsOf(5n, 1n) },
          ],
        },
        { blockOverrides: { number: '0x20' }, calls: [{ from: alice.address, to: logger, input: wordsOf(bob.address, 1n) }] },
      ],
      traceTransfers: true,
    }
    interface Simulated {
      readonly number: Hex
      readonly gasUsed: Hex
      readonly calls: readonly { status: Hex; gasUsed: Hex; returnData: Hex; logs: readonly { address: Hex; topics: Hex[]; data: Hex }[] }[]
    }
    const { ours, theirs } = await both<Simulated[]>(nodes, 'eth_simulateV1', simulation, 'latest')
    const plain = ({ gasUsed, calls }: Simulated) => ({
      gasUsed,
      calls: calls.map(({ status, gasUsed: used, returnData, logs }) => ({
        ...{ status, used, returnData },
        logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
      })),
    })
    // Blocks that fill a gap are shown by geth and by us.
    const called = ours.filter(({ calls }) => calls.length > 0)
    expect(called.map(plain)).toEqual(theirs.filter(({ calls }) => calls.length > 0).map(plain))
  })

  it('refuse in words of the same meaning', async () => {
    const refusals = [
      ['eth_call', { to: thrower }, 'latest'],
      ['eth_call', { from: alice.address, to: bob.address, value: `0x${'f'.repeat(40)}` }, 'latest'],
      ['eth_sendRawTransaction', bytesToHex(sign({ from: alice, nonce: 0n, to: bob.address }))],
      ['eth_sendRawTransaction', bytesToHex(sign({ from: alice, nonce: 99n, to: bob.address, value: 10n ** 30n }))],
    ] as const
    const messages = []
    for (const [method, ...params] of refusals) {
      const ours = await nodes.rpc.call(method, ...params).catch((error: Error) => error.message)
      messages.push(ours)
      await expect(nodes.anvil.call(method, ...params)).rejects.toThrow()
    }
    expect(messages).toEqual([
      expect.stringMatching(/^execution reverted/),
      expect.stringContaining('insufficient funds'),
      expect.stringContaining('nonce too low'),
      expect.stringContaining('insufficient funds'),
    ])
  })
})
