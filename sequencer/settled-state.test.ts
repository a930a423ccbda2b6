import fc from 'fast-check'
import { decodeErrorResult, encodeFunctionData, getContractAddress } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bridgeAbi, type Deployment } from '../contracts/index.ts'
import {
  bytesToHex,
  decodeStateDiff,
  decodeWithdrawalMessage,
  type Hex,
  InvalidTransactionError,
  type MessageProof,
  predeploys,
  type StateView,
} from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { callData, destructCode, initCode, storeCode } from '../stf/testing/contracts.ts'
import { signAuthorization, type TestAccount } from '../stf/testing/dev-chain.ts'
import { recoverFromL1 } from './recover/recover-from-l1.ts'
import { L1Client } from './settlement/l1-client.ts'
import { L1RevertedError } from './settlement/l1-errors.ts'
import { RollupContract } from './settlement/rollup-contract.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './settlement/testing/in-process-l1.ts'
import {
  deployForTestGenesis,
  honestQueue,
  openRollupDatabase,
  type RollupNode,
  startRollupNode,
  testGenesis,
} from './settlement/testing/rollup-node.ts'
import { silentLog } from './settlement/testing/silent-log.ts'
import { VirtualTimers } from './settlement/testing/virtual-timers.ts'
import { type Action, assemble, forgedWithdrawals, type Script, withdrawal } from './testing/scripts.ts'
import { account, sign } from './testing/test-chain.ts'

const gwei = 10n ** 9n
const genesisSupply = testGenesis.accounts.reduce((sum, { balance }) => sum + balance, 0n)
const users: readonly TestAccount[] = [0, 1, 2].map(account)
const user = (index: number): TestAccount => users[index] ?? account(0)
const receivers: readonly Hex[] = ['0xee00000000000000000000000000000000000001', '0xee00000000000000000000000000000000000002']
const coinbase: Hex = `0x${'c0'.repeat(20)}`
const nobody: Hex = '0x0000000000000000000000000000000000000000'

/** Created before the random steps begin, so the addresses are known. */
const deployer = account(7)
const runtimes = [storeCode, destructCode, '0x5f600a5f5f5f5f600a5af100'] as const
const [store, destructor, pointEvaluation] = runtimes.map((_, nonce) =>
  getContractAddress({ from: deployer.address, nonce: BigInt(nonce) }).toLowerCase(),
) as [Hex, Hex, Hex]

/** What comes and goes at addresses that can be known, and paid to, before. */
const vanishing: Script = { actions: [{ kind: 'store', key: 1n, value: 9n }], end: { destructTo: coinbase } }
const staying: Script = { actions: [{ kind: 'store', key: 1n, value: 9n }], end: { runtime: storeCode } }
const foreseen = [vanishing, staying].map(
  (script) =>
    getContractAddress({
      opcode: 'CREATE2',
      from: predeploys.create2Deployer,
      salt: `0x${'00'.repeat(32)}`,
      bytecode: assemble(script),
    }).toLowerCase() as Hex,
)

// Beneficiaries and receivers of ether never include what the same transaction destroys: what is burned would not be in the books.
const payee = fc.constantFrom<Hex>(user(0).address, user(1).address, coinbase, nobody, '0xfe00000000000000000000000000000000000001')
const target = fc.oneof(payee, fc.constantFrom<Hex>(store, ...foreseen, ...foreseen))
// Few, so that they meet: a slot is set in one batch, cleared in the next, or both in one.
const key = fc.constantFrom(0n, 1n, 2n ** 64n + 5n)
const value = fc.constantFrom(0n, 0n, 1n, 2n ** 255n)
const wei = fc.constantFrom(0n, 1n, 1_000_000_007n, 3n * 10n ** 15n)
const who = fc.integer({ min: 0, max: 2 })
const receiver = fc.constantFrom(...receivers)

const scripts = fc.letrec<{ script: Script; action: Action }>((tie) => ({
  action: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ kind: fc.constant('store' as const), key, value }),
    fc.tuple(receiver, wei).map(([to, value]) => withdrawal(to, value)),
    receiver.chain((to) => fc.constantFrom(...forgedWithdrawals(to))),
    fc.record({ kind: fc.constant('call' as const), to: payee, data: fc.constant<Hex>('0x'), value: wei }),
    fc
      .tuple(fc.constantFrom<Hex>(store, user(1).address, ...foreseen), key, value)
      .map(([to, key, value]): Action => ({ kind: 'call', to, data: callData(key, value), value: 0n })),
    fc.constant<Action>({ kind: 'call', to: pointEvaluation, data: '0x', value: 0n }),
    fc.record({ kind: fc.constant('create' as const), script: tie('script'), value: wei }),
    fc.record({ kind: fc.constant('create' as const), script: tie('script'), value: wei, salt: fc.constant(0n) }),
    fc.record({
      kind: fc.constant('create' as const),
      script: fc.constant<Script>({ actions: [{ kind: 'store', key: 1n, value: 1n }], end: { runtime: destructCode } }),
      value: wei,
      salt: key,
      beneficiary: payee,
    }),
  ),
  script: fc.record({
    actions: fc.array(tie('action'), { maxLength: 3 }),
    end: fc.oneof(
      fc.constantFrom<Script['end']>('nothing', 'nothing', 'revert', 'invalid', { runtime: storeCode }),
      payee.map((destructTo): Script['end'] => ({ destructTo })),
    ),
  }),
}))

const transaction = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('transfer' as const), from: who, to: target, value: wei }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('withdraw' as const), from: who, to: receiver, value: wei }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('script' as const), from: who, script: scripts.script, value: wei }), weight: 5 },
  {
    arbitrary: fc.record({
      kind: fc.constant('foreseen' as const),
      from: who,
      script: fc.constantFrom(vanishing, vanishing, staying),
      value: wei,
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      from: who,
      to: fc.constantFrom<Hex>(store, store, user(1).address, ...foreseen),
      key,
      value,
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('delegate' as const),
      from: who,
      authority: who,
      to: fc.constantFrom<Hex>(store, destructor, predeploys.baseToken, predeploys.messenger, nobody, nobody),
    }),
    weight: 3,
  },
)
type Transaction = typeof transaction extends fc.Arbitrary<infer T> ? T : never

const step = fc.oneof(
  { arbitrary: transaction, weight: 6 },
  fc.record({ kind: fc.constant('block' as const), transactions: fc.array(transaction, { minLength: 2, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('deposit' as const), to: target, amountGwei: fc.constantFrom(1n, 77n, 10n ** 9n) }),
  fc.constant({ kind: 'empty block' as const }),
  fc.constant({ kind: 'batch' as const }),
  fc.constant({ kind: 'settle' as const }),
)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

let l1: InProcessL1
let deployment: Deployment
let base: unknown

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
  // Enough for several of the largest deposits.
  await onL1('hardhat_setBalance', testKeys.user.address, `0x${(2n ** 97n).toString(16)}`)
  base = await onL1('evm_snapshot')
})
afterAll(() => l1.close())

const onL1 = (method: string, ...params: unknown[]) => l1.provider.request({ method, params })
const l1Balance = async (address: Hex) => BigInt(String(await onL1('eth_getBalance', address, 'latest')))
const bridgeCall = (data: Hex, value = 0n) => ({
  from: testKeys.user.address,
  to: deployment.bridge,
  data,
  value: `0x${value.toString(16)}`,
})

/** Name of the error with which the Bridge refuses a call. */
async function refusalOf(call: ReturnType<typeof bridgeCall>): Promise<string> {
  try {
    await new L1Client(l1.provider).call(call)
    return 'none'
  } catch (error) {
    if (!(error instanceof L1RevertedError)) throw error
    return decodeErrorResult({ abi: bridgeAbi, data: error.data }).errorName
  }
}

const headView = ({ chain }: RollupNode): StateView => chain.store.stateAt(chain.store.head().header.number)

async function fieldsOf(node: RollupNode, tx: Transaction): Promise<Record<string, unknown>> {
  switch (tx.kind) {
    case 'transfer':
      return { to: tx.to, value: tx.value }
    case 'withdraw':
      return withdrawal(tx.to, tx.value)
    case 'script':
      return { to: undefined, data: assemble(tx.script), value: tx.value * 4n }
    case 'foreseen':
      return { to: predeploys.create2Deployer, data: `0x${'00'.repeat(32)}${assemble(tx.script).slice(2)}`, value: tx.value }
    case 'write':
      return { to: tx.to, data: callData(tx.key, tx.value) }
    case 'delegate': {
      const authority = user(tx.authority)
      const nonce = node.chain.pool.nextNonce(authority.address) + (tx.authority === tx.from ? 1n : 0n)
      return { type: 4, to: nobody, authorizationList: [await signAuthorization(authority, tx.to, nonce)] }
    }
  }
}

/** Submits a transaction; one that the chain refuses, or drops while sealing, is none. */
async function submit(node: RollupNode, tx: Transaction): Promise<void> {
  const from = user(tx.from)
  const fields = { gasLimit: 3_000_000n, ...(await fieldsOf(node, tx)) }
  try {
    await node.chain.pool.submit(sign({ from, nonce: node.chain.pool.nextNonce(from.address), ...fields }))
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error
  }
}

async function take(node: RollupNode, next: Step): Promise<bigint> {
  switch (next.kind) {
    case 'block':
      await node.chain.sealing.setAutomine(false)
      for (const tx of next.transactions) await submit(node, tx)
      await node.chain.sealing.setAutomine(true)
      return 0n
    case 'deposit': {
      const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [next.to] })
      if (next.to === nobody) {
        expect(await refusalOf(bridgeCall(data, gwei))).toBe('Bridge__ReceiverIsZero')
        return 0n
      }
      await onL1('eth_sendTransaction', bridgeCall(data, next.amountGwei * gwei))
      await node.pollInbox()
      return next.amountGwei * gwei
    }
    case 'empty block':
      await node.chain.sealing.mine()
      return 0n
    case 'batch':
      await node.rollup.seal()
      return 0n
    case 'settle':
      await node.settle()
      return 0n
    default:
      await submit(node, next)
      return 0n
  }
}

/** All the ether of the L2, told by the posted diffs alone. */
function balancesOnL1(node: RollupNode): ReadonlyMap<Hex, bigint> {
  const balances = new Map<Hex, bigint>()
  for (let number = 0n; number <= node.rollup.batches.latest(); number++) {
    for (const account of decodeStateDiff(node.rollup.batches.stateDiff(number) ?? new Uint8Array()).accounts) {
      if (account.absent) balances.set(account.address, 0n)
      else if (account.balance !== undefined) balances.set(account.address, account.balance)
    }
  }
  return balances
}

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n)

function burnedFees({ chain: { store: chain } }: RollupNode): bigint {
  return sum(Array.from(chain.records(0n, chain.head().header.number), ({ block: { header } }) => header.gasUsed * header.baseFeePerGas))
}

function messagesOf({ chain: { store: chain }, rollup }: RollupNode): MessageProof[] {
  const hashes = Array.from(chain.records(0n, chain.head().header.number), ({ block }) => block.transactions).flat()
  return hashes.flatMap(({ hash }) => rollup.batches.messageProofs(hash) ?? [])
}

/** Claims whatever has the shape of a withdrawal, twice. Returns what the claims promised. */
async function claimAll(node: RollupNode): Promise<bigint> {
  let claimed = 0n
  for (const { batchNumber, id, txNumberInBatch, sender, message, proof } of messagesOf(node)) {
    const args = [batchNumber, BigInt(id), txNumberInBatch, bytesToHex(message), proof] as const
    const call = bridgeCall(encodeFunctionData({ abi: bridgeAbi, functionName: 'finalizeWithdrawal', args }))
    if (sender === predeploys.baseToken) {
      await onL1('eth_sendTransaction', call)
      claimed += decodeWithdrawalMessage(message)?.amount ?? 0n
    }
    expect(await refusalOf(call)).toBe(sender === predeploys.baseToken ? 'Bridge__AlreadyFinalized' : 'Bridge__RootMismatch')
  }
  return claimed
}

async function recoverInto(database: DevnetDatabase): Promise<void> {
  await recoverFromL1(
    {
      contracts: deployment,
      deployBlock: deployment.deployBlock,
      genesis: testGenesis,
      proofType: 'attested',
      ...{ maxLogRange: 1_000n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
    },
    {
      ...{ database, l1: l1.provider, account: testKeys.sequencer, timers: new VirtualTimers(), log: silentLog },
      signal: new AbortController().signal,
    },
  )
}

/** Seals the same block on top: all that execution reads must be the same, old block hashes and base fee included. */
async function sealOneMore(node: RollupNode, timestamp: bigint): Promise<Hex> {
  await node.chain.sealing.setAutomine(false)
  const from = account(6)
  // The hashes of blocks 0, and of the last one that L1 does not know of but by the state.
  const head = node.chain.store.head().header.number
  const read = (key: bigint, block: bigint): string => `60${block.toString(16).padStart(2, '0')}4060${key.toString(16).padStart(2, '0')}55`
  const data = `0x${read(0n, 0n)}${read(1n, head - 1n)}${read(2n, head)}00`
  await node.chain.pool.submit(sign({ from, nonce: node.chain.pool.nextNonce(from.address), to: undefined, data, gasLimit: 1_000_000n }))
  await node.chain.sealing.mine({ timestamp })
  expect(node.chain.store.receipts(head + 1n)[0]?.succeeded).toBe(true)
  return node.chain.store.head().hash
}

async function settleAndCompare(node: RollupNode, deposited: bigint, recoveredDatabase: DevnetDatabase): Promise<void> {
  await node.rollup.seal()
  await node.settle()
  const latest = node.rollup.batches.latest()
  const contract = new RollupContract(new L1Client(l1.provider), deployment.rollup)
  expect((await contract.progress('latest')).lastExecuted).toBe(latest)
  expect(await contract.stateRoot(latest, 'latest')).toBe(node.chain.store.head().header.stateRoot)

  const balances = balancesOnL1(node)
  expect(sum(balances.values())).toBe(genesisSupply + deposited - burnedFees(node))

  const claimed = await claimAll(node)
  expect(sum(await Promise.all(receivers.map(l1Balance)))).toBe(claimed)
  expect(balances.get(predeploys.baseToken) ?? 0n).toBe(claimed)
  expect(await l1Balance(deployment.bridge)).toBe(genesisSupply + deposited - claimed)

  await recoverInto(recoveredDatabase)
  const queue = honestQueue(deployment)
  const recovered = await startRollupNode({ database: recoveredDatabase, provider: l1.provider, deployment, queue })
  try {
    expect(recovered.chain.store.head().hash).toBe(node.chain.store.head().hash)
    for (const address of balances.keys()) expect(headView(recovered).code(address)).toEqual(headView(node).code(address))
    const timestamp = node.chain.store.head().header.timestamp + 10n
    expect(await sealOneMore(recovered, timestamp)).toBe(await sealOneMore(node, timestamp))
    await recovered.rollup.seal()
    await recovered.settle()
    expect((await contract.progress('latest')).lastExecuted).toBe(latest + 1n)
  } finally {
    await recovered.stop()
  }
}

/** Takes the steps on a fresh devnet, settles, and checks all that must hold then. */
async function check(steps: readonly Step[]): Promise<void> {
  await onL1('evm_revert', base)
  base = await onL1('evm_snapshot')
  const [database, recoveredDatabase] = [openRollupDatabase(), openRollupDatabase()]
  const queue = honestQueue(deployment)
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue, limits: { maxBlocks: 6 } })
  try {
    for (const [nonce, runtime] of runtimes.entries()) {
      await node.chain.pool.submit(sign({ from: deployer, nonce, to: undefined, data: initCode(runtime), gasLimit: 200_000n }))
    }
    let deposited = 0n
    for (const next of steps) deposited += await take(node, next)
    await settleAndCompare(node, deposited, recoveredDatabase)
  } finally {
    await node.stop()
    database.close()
    recoveredDatabase.close()
  }
}

it('whatever happens on the L2, batches are proven from their witness, rebuild from L1, keep every wei, and pay each withdrawal once', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }), check), { numRuns: 25 })
}, 120_000)

it('deposits of any size may go to any account: precompiles, system contracts, the coinbase, contracts', async () => {
  const precompile: Hex = '0x0000000000000000000000000000000000000001'
  const deposit = (to: Hex, amountGwei: bigint): Step => ({ kind: 'deposit', to, amountGwei })
  await check([
    deposit(precompile, 2n ** 64n - 1n),
    deposit(precompile, 2n ** 64n - 1n),
    { kind: 'batch' },
    deposit(predeploys.beaconRoots, 1n),
    deposit(predeploys.messenger, 1n),
    deposit(coinbase, 1n),
    deposit(store, 2n ** 64n - 1n),
    { kind: 'transfer', from: 0, to: precompile, value: 1n },
  ])
})
