import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bridgeAbi, type Deployment } from '../../contracts/index.ts'
import { type Eip1193Provider, type Hex, predeploys } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { L1Client } from '../settlement/l1-client.ts'
import { RollupContract } from '../settlement/rollup-contract.ts'
import { FlakyProvider } from '../settlement/testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1, testKeys } from '../settlement/testing/in-process-l1.ts'
import type { MemoryProofQueue } from '../settlement/testing/memory-proof-queue.ts'
import {
  deployForTestGenesis,
  honestQueue,
  openRollupDatabase,
  type RollupNode,
  startRollupNode,
  testGenesis,
} from '../settlement/testing/rollup-node.ts'
import { silentLog } from '../settlement/testing/silent-log.ts'
import { VirtualTimers } from '../settlement/testing/virtual-timers.ts'
import { account, sign } from '../testing/test-chain.ts'
import { type RecoverDeps, type Recovery, recoverFromL1 } from './recover-from-l1.ts'

const alice = account(0)
const bob = account(1)
let l1: InProcessL1
let deployment: Deployment
let base: unknown
let queue: MemoryProofQueue
let nodes: RollupNode[] = []
let databases: DevnetDatabase[] = []

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
  base = await snapshot()
})
afterAll(() => l1.close())
beforeEach(async () => {
  await l1.provider.request({ method: 'evm_revert', params: [base] })
  base = await snapshot()
  queue = honestQueue(deployment)
  nodes = []
  databases = []
  return async () => {
    for (const node of nodes) await node.stop()
    for (const database of databases) database.close()
  }
})

const snapshot = () => l1.provider.request({ method: 'evm_snapshot' })

function newDatabase(): DevnetDatabase {
  const database = openRollupDatabase()
  databases.push(database)
  return database
}

async function start(database = newDatabase()): Promise<RollupNode> {
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue })
  nodes.push(node)
  return node
}

function recover(database: DevnetDatabase, deps: Partial<RecoverDeps> = {}): Promise<Recovery> {
  return recoverFromL1(
    {
      contracts: deployment,
      deployBlock: deployment.deployBlock,
      genesis: testGenesis,
      proofType: 'attested',
      ...{ maxLogRange: 10n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
    },
    {
      database,
      l1: l1.provider,
      account: testKeys.sequencer,
      timers: new VirtualTimers(),
      log: silentLog,
      signal: new AbortController().signal,
      ...deps,
    },
  )
}

async function send(node: RollupNode, count: number, fields: Record<string, unknown> = {}): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    await node.chain.pool.submit(sign({ from: alice, nonce: node.chain.pool.nextNonce(alice.address), ...fields }))
  }
}

async function deposit(amountGwei: bigint): Promise<void> {
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [bob.address] })
  const value = `0x${(amountGwei * 10n ** 9n).toString(16)}`
  await l1.provider.request({
    method: 'eth_sendTransaction',
    params: [{ from: testKeys.user.address, to: deployment.bridge, data, value }],
  })
}

/** Three executed batches with contracts, deposits and withdrawals. */
async function runRollup(): Promise<RollupNode> {
  const node = await start()
  await send(node, 2, { to: undefined, data: '0x645f358055005f526005601bf3', gasLimit: 200_000n })
  await deposit(7n)
  await node.pollInbox()
  await node.rollup.seal()
  await send(node, 2, { to: predeploys.baseToken, data: `0x51cff8d9${bob.address.slice(2).padStart(64, '0')}`, value: 5n })
  await node.rollup.seal()
  await node.settle()
  await deposit(8n)
  await node.pollInbox()
  await send(node, 1, { value: 3n })
  await node.rollup.seal()
  await node.settle()
  return node
}

const progress = () => new RollupContract(new L1Client(l1.provider), deployment.rollup).progress('latest')
const headOf = (node: RollupNode) => node.chain.store.head()

describe('recoverFromL1', () => {
  it('rebuilds the state of the last executed batch, from which the node seals, proves and executes another one', async () => {
    const lost = await runRollup()
    const database = newDatabase()
    const seen: bigint[] = []
    const recovery = await recover(database, { onProgress: ({ batch }) => seen.push(batch) })
    expect(recovery).toEqual({
      lastBatch: 3n,
      lastBlock: headOf(lost).header.number,
      stateRoot: headOf(lost).header.stateRoot,
      inboxItems: 2n,
      revertedBatches: 0n,
    })
    expect(seen).toEqual([0n, 1n, 2n, 3n])

    const node = await start(database)
    expect(headOf(node).hash).toBe(headOf(lost).hash)
    expect(node.chain.store.historyStart()).toBe(headOf(lost).header.number)
    const [before, after] = [lost, node].map(({ chain }) => chain.store.stateAt(chain.store.head().header.number).account(bob.address))
    expect(after).toEqual(before)
    for (const number of [1n, 2n, 3n]) {
      const { transactionCount, messageCount, sealedAtMs, provingMs, proofBytes, verification, ...known } =
        lost.rollup.batches.batch(number) ?? {}
      expect(node.rollup.batches.batch(number)).toMatchObject(known)
    }
    expect(node.rollup.batches.deposit(0n)).toMatchObject({ credited: true, l2BlockNumber: null })

    await deposit(9n)
    await node.pollInbox()
    await send(node, 2, { value: 1n })
    expect(await node.rollup.seal()).toBe(4n)
    await node.settle()
    expect(node.rollup.batches.batch(4n)?.status).toBe('executed')
    expect(await new RollupContract(new L1Client(l1.provider), deployment.rollup).stateRoot(4n, 'latest')).toBe(
      headOf(node).header.stateRoot,
    )
  })

  it('recovers a rollup that has nothing but its genesis', async () => {
    const lost = await start()
    const database = newDatabase()
    expect(await recover(database)).toMatchObject({ lastBatch: 0n, lastBlock: 0n, stateRoot: headOf(lost).header.stateRoot })
    const node = await start(database)
    await send(node, 1)
    await node.rollup.seal()
    await node.settle()
    expect((await progress()).lastExecuted).toBe(1n)
  })

  it('takes back what was committed and not executed, so that sequencing goes on', async () => {
    const lost = await runRollup()
    queue.immediate = false
    await send(lost, 2)
    await lost.rollup.seal()
    await send(lost, 1)
    await lost.rollup.seal()
    await lost.settle()
    expect(await progress()).toEqual({ lastCommitted: 5n, lastProven: 3n, lastExecuted: 3n })
    const database = newDatabase()
    expect(await recover(database)).toMatchObject({ lastBatch: 3n, revertedBatches: 2n })
    expect(await progress()).toEqual({ lastCommitted: 3n, lastProven: 3n, lastExecuted: 3n })
    queue.immediate = true
    const node = await start(database)
    await send(node, 1, { value: 99n })
    await node.rollup.seal()
    await node.settle()
    expect(node.rollup.batches.batch(4n)?.status).toBe('executed')
  })

  it('tells a batch that was reverted from the one that took its number', async () => {
    const first = await runRollup()
    queue.immediate = false
    await send(first, 2, { value: 1n })
    await first.rollup.seal()
    await first.settle()
    const database = newDatabase()
    await recover(database)
    queue.immediate = true
    const second = await start(database)
    await send(second, 1, { value: 2n })
    await second.rollup.seal()
    await second.settle()
    expect(await recover(newDatabase())).toMatchObject({ lastBatch: 4n, stateRoot: headOf(second).header.stateRoot })
  })

  it('recovers again from what a recovered node did', async () => {
    await runRollup()
    const database = newDatabase()
    await recover(database)
    const node = await start(database)
    await deposit(3n)
    await node.pollInbox()
    await send(node, 1)
    await node.rollup.seal()
    await node.settle()
    expect((await recover(newDatabase())).stateRoot).toBe(headOf(node).header.stateRoot)
  })

  it('refuses a directory that has a chain', async () => {
    const database = newDatabase()
    await start(database)
    await expect(recover(database)).rejects.toMatchObject({ code: 'RECOVERY_TARGET', exitCode: 2 })
  })

  it('can be tried again into the same directory when the L1 goes away at any request', async () => {
    const lost = await runRollup()
    queue.immediate = false
    await send(lost, 1)
    await lost.rollup.seal()
    await lost.settle()
    const flaky = new FlakyProvider(l1.provider)
    const database = newDatabase()
    let failures = 0
    for (let allowed = 0; ; allowed += 3) {
      let asked = 0
      flaky.disturb = () => (asked++ < allowed ? 'none' : allowed % 2 === 0 ? 'lost' : 'answer lost')
      try {
        expect(await recover(database, { l1: flaky })).toMatchObject({ lastBatch: 3n })
        break
      } catch (error) {
        expect(error).toMatchObject({ code: 'L1_UNREACHABLE' })
        failures++
      }
    }
    expect(failures).toBeGreaterThan(5)
    expect((await progress()).lastCommitted).toBe(3n)
  })
})

describe('recoverFromL1 with an L1 that lies', () => {
  const lying = (method: string, change: (answer: unknown) => unknown): Eip1193Provider => ({
    request: async (args) => {
      const answer = await l1.provider.request(args)
      return args.method === method ? change(answer) : answer
    },
  })
  const withInput = (change: (input: string) => string) => (answer: unknown) => {
    const transaction = answer as { input: string }
    return { ...transaction, input: change(transaction.input) }
  }
  const flip = (input: string, at: number): string => {
    const digit = (Number.parseInt(input.charAt(at), 16) ^ 1).toString(16)
    return input.slice(0, at) + digit + input.slice(at + 1)
  }

  it.each<[string, string, (answer: unknown) => unknown, string]>([
    [
      'changes the last byte of a diff',
      'eth_getTransactionByHash',
      withInput((input) => flip(input, input.replace(/0+$/, '').length - 1)),
      'RECOVERY_DATA',
    ],
    ['changes a field of a batch', 'eth_getTransactionByHash', withInput((input) => flip(input, 10 + 64 * 3 - 1)), 'RECOVERY_DATA'],
    ['gives the calldata of something else', 'eth_getTransactionByHash', withInput(() => '0x12345678'), 'RECOVERY_DATA'],
    ['does not have a transaction', 'eth_getTransactionByHash', () => null, 'RECOVERY_DATA'],
    ['gives nonsense for a transaction', 'eth_getTransactionByHash', () => ({ hash: 5 }), 'L1_ANSWER'],
    ['hides all events', 'eth_getLogs', () => [], 'INBOX_MISMATCH'],
  ])('writes nothing when it %s', async (_, method, change, code) => {
    await runRollup()
    const database = newDatabase()
    await expect(recover(database, { l1: lying(method, change) })).rejects.toMatchObject({ code })
    expect(await recover(database)).toMatchObject({ lastBatch: 3n })
  })

  it('notices a commit event that is missing', async () => {
    await runRollup()
    const hiding = lying('eth_getLogs', (answer) =>
      (answer as { address: Hex }[]).filter(({ address }) => address.toLowerCase() !== deployment.rollup.toLowerCase()),
    )
    await expect(recover(newDatabase(), { l1: hiding })).rejects.toThrow('no event of its commit')
  })
})
