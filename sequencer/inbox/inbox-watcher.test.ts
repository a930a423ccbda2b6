import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bridgeAbi, type Deployment, inboxAbi } from '../../contracts/index.ts'
import { type Hex, InboxTree, inboxLeaf } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { L1Client } from '../settlement/l1-client.ts'
import { deployTestRollup, inventedGenesis } from '../settlement/testing/deployed-rollup.ts'
import { FlakyProvider } from '../settlement/testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1, testKeys } from '../settlement/testing/in-process-l1.ts'
import { silentLog } from '../settlement/testing/silent-log.ts'
import { VirtualTimers } from '../settlement/testing/virtual-timers.ts'
import { InboxWatcher } from './inbox-watcher.ts'
import { inboxMigrations } from './migrations.ts'

const gwei = 10n ** 9n
let l1: InProcessL1
let deployment: Deployment
let flaky: FlakyProvider
let database: DevnetDatabase
let base: unknown
let consumed = 0n
let notified = 0

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployTestRollup(l1.provider, inventedGenesis())
})
afterAll(() => l1.close())
beforeEach(async () => {
  if (base !== undefined) await revertTo(base)
  base = await snapshot()
  flaky = new FlakyProvider(l1.provider)
  database = openMemoryDatabase({ migrations: [inboxMigrations] })
  consumed = 0n
  notified = 0
  return () => database.close()
})

const snapshot = () => l1.provider.request({ method: 'evm_snapshot' })
const revertTo = (id: unknown) => l1.provider.request({ method: 'evm_revert', params: [id] })
async function mine(blocks: number): Promise<void> {
  // Not hardhat_mine: the node knows no state for the blocks that it skips.
  for (let mined = 0; mined < blocks; mined++) await l1.provider.request({ method: 'evm_mine' })
}

const watch = (options: { confirmations?: bigint; maxLogRange?: bigint } = {}): InboxWatcher =>
  new InboxWatcher(
    { inbox: deployment.inbox, deployBlock: deployment.deployBlock, pollMs: 100, confirmations: 0n, maxLogRange: 1_000n, ...options },
    {
      l1: new L1Client(flaky),
      database,
      consumed: () => consumed,
      onItems: () => notified++,
      timers: new VirtualTimers(),
      log: silentLog,
    },
  )

const to = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`

async function deposit(n: number): Promise<void> {
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [to(n)] })
  const value = `0x${(BigInt(n) * gwei).toString(16)}`
  await l1.provider.request({
    method: 'eth_sendTransaction',
    params: [{ from: testKeys.user.address, to: deployment.bridge, data, value }],
  })
}

const amounts = (watcher: InboxWatcher) => watcher.next(0n, 100).deposits.map(({ amountGwei }) => amountGwei)

describe('InboxWatcher', () => {
  it('knows the empty tree before anything was read', () => {
    expect(watch().next(0n, 16)).toEqual({ deposits: [], countAfter: 0n, rootAfter: new InboxTree().root() })
  })

  it('gives deposits in order, as withdrawals, with the root that L1 has at each count', async () => {
    for (const n of [1, 2, 3]) await deposit(n)
    const watcher = watch()
    await watcher.poll()
    expect(notified).toBe(1)
    const slice = watcher.next(1n, 16)
    expect(slice.deposits).toEqual([
      { index: 1n, validatorIndex: 0n, address: to(2), amountGwei: 2n },
      { index: 2n, validatorIndex: 0n, address: to(3), amountGwei: 3n },
    ])
    expect(slice.countAfter).toBe(3n)
    for (const count of [0n, 1n, 2n, 3n]) {
      const data = encodeFunctionData({ abi: inboxAbi, functionName: 'rootAt', args: [count] })
      expect(watcher.rootAt(count)).toBe(await new L1Client(l1.provider).call({ to: deployment.inbox, data }))
    }
    expect(watcher.next(0n, 2).countAfter).toBe(2n)
    expect(watcher.next(3n, 16)).toMatchObject({ deposits: [], countAfter: 3n, rootAfter: slice.rootAfter })
  })

  it('gives a frontier from which the tree goes on', async () => {
    for (const n of [1, 2, 3, 4, 5]) await deposit(n)
    const watcher = watch()
    await watcher.poll()
    const tree = new InboxTree({ count: 3n, frontier: watcher.frontierAt(3n) })
    for (const [at, item] of watcher.items(3n, 5n).entries()) tree.append(inboxLeaf(BigInt(3 + at), item))
    expect(tree.root()).toBe(watcher.rootAt(5n))
  })

  it('reads in bounded ranges and never beyond the confirmations', async () => {
    const ranges: bigint[] = []
    flaky.disturb = (method, [filter]) => {
      if (method === 'eth_getLogs') {
        const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string }
        ranges.push(BigInt(toBlock) - BigInt(fromBlock) + 1n)
      }
      return 'none'
    }
    await deposit(1)
    await mine(20)
    await deposit(2)
    await mine(2)
    const watcher = watch({ confirmations: 3n, maxLogRange: 4n })
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n])
    expect(Math.max(...ranges.map(Number))).toBe(4)
    await mine(1)
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n, 2n])
  })

  it('goes on after a restart without reading again', async () => {
    await deposit(1)
    await watch().poll()
    const asked: string[] = []
    flaky.disturb = (method) => {
      asked.push(method)
      return 'none'
    }
    const watcher = watch()
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n])
    expect(asked).toEqual(['eth_blockNumber'])
  })

  it('replaces items that a reorganisation changed before any block consumed them', async () => {
    await deposit(1)
    const fork = await snapshot()
    await deposit(2)
    await deposit(3)
    const watcher = watch()
    await watcher.poll()
    await revertTo(fork)
    await mine(5)
    await deposit(7)
    consumed = 1n
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n, 7n])
  })

  it('drops items that a reorganisation took back, also where the new chain is shorter', async () => {
    await deposit(1)
    const fork = await snapshot()
    await deposit(2)
    await mine(3)
    const watcher = watch({ maxLogRange: 2n })
    await watcher.poll()
    await revertTo(fork)
    consumed = 1n
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n])
  })

  it('reads again what a reorganisation in the middle of reading touched', async () => {
    const fork = await snapshot()
    await deposit(1)
    const watcher = watch()
    let reorganised = false
    flaky.disturb = (method) => {
      if (method === 'eth_getLogs' && !reorganised) {
        reorganised = true
        void revertTo(fork).then(() => deposit(4))
      }
      return 'none'
    }
    await watcher.poll().catch(() => undefined)
    await deposit(5)
    await watcher.poll()
    expect(amounts(watcher)).toEqual([4n, 5n])
  })

  it('refuses to lose an item that a block consumed, and recovers when it comes back', async () => {
    const fork = await snapshot()
    await deposit(1)
    const watcher = watch()
    await watcher.poll()
    consumed = 1n
    const { timestamp } = (await new L1Client(l1.provider).block('latest')) ?? { timestamp: 0n }
    await revertTo(fork)
    await expect(watcher.poll()).rejects.toMatchObject({ code: 'INBOX_REWRITTEN' })
    expect(amounts(watcher)).toEqual([1n])
    await l1.provider.request({ method: 'evm_setNextBlockTimestamp', params: [`0x${timestamp.toString(16)}`] })
    await deposit(1)
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n])
  })

  it.each(['lost', 'rpc error', 'answer lost'] as const)('reads everything in the end when requests are %s', async (kind) => {
    for (const n of [1, 2, 3]) await deposit(n)
    let asked = 0
    flaky.disturb = () => (asked++ % 8 === 0 ? kind : 'none')
    const watcher = watch({ maxLogRange: 1n })
    let failures = 0
    while (watcher.count() < 3n) await watcher.poll().catch(() => failures++)
    expect(failures).toBeGreaterThan(0)
    expect(amounts(watcher)).toEqual([1n, 2n, 3n])
  })

  it('believes no event whose root is not that of its leaf', async () => {
    await deposit(1)
    const lying = new L1Client({
      request: async (args) => {
        const answer = await l1.provider.request(args)
        if (args.method !== 'eth_getLogs' || !Array.isArray(answer)) return answer
        return answer.map((log) => ({ ...log, data: String(log.data).replace(/0{15}1/, '0000000000000009') }))
      },
    })
    const watcher = new InboxWatcher(
      { inbox: deployment.inbox, deployBlock: deployment.deployBlock, pollMs: 100, confirmations: 0n, maxLogRange: 100n },
      { l1: lying, database, consumed: () => 0n, onItems: () => notified++, timers: new VirtualTimers(), log: silentLog },
    )
    await expect(watcher.poll()).rejects.toMatchObject({ code: 'INBOX_MISMATCH' })
    expect(watcher.count()).toBe(0n)
    expect(notified).toBe(0)
  })

  it('notices that the L1 hides events', async () => {
    await deposit(1)
    const hiding = new L1Client({ request: async (args) => (args.method === 'eth_getLogs' ? [] : l1.provider.request(args)) })
    const watcher = new InboxWatcher(
      { inbox: deployment.inbox, deployBlock: deployment.deployBlock, pollMs: 100, confirmations: 0n, maxLogRange: 1n },
      { l1: hiding, database, consumed: () => 0n, onItems: () => notified++, timers: new VirtualTimers(), log: silentLog },
    )
    await expect(watcher.poll()).rejects.toMatchObject({ code: 'INBOX_MISMATCH' })
    const honest = watch()
    await honest.poll()
    expect(amounts(honest)).toEqual([1n])
  })

  it('takes part in a snapshot: items and cursor come back, and are read anew', async () => {
    await deposit(1)
    const watcher = watch()
    await watcher.poll()
    const fork = await snapshot()
    const token = await watcher.snapshot.take()
    await deposit(2)
    await watcher.poll()
    const resume = await watcher.snapshot.pause()
    await revertTo(fork)
    watcher.snapshot.revertStored?.(token)
    resume()
    expect(amounts(watcher)).toEqual([1n])
    await deposit(5)
    await watcher.poll()
    expect(amounts(watcher)).toEqual([1n, 5n])
  })

  it('polls nothing while it is paused', async () => {
    const watcher = watch()
    await deposit(1)
    const resume = await watcher.snapshot.pause()
    const turn = watcher.poll()
    await mine(1)
    expect(watcher.count()).toBe(0n)
    resume()
    await turn
    expect(watcher.count()).toBe(1n)
  })

  it('follows on its own, backs off while the L1 is away, and stops', async () => {
    const arrived = Promise.withResolvers<void>()
    let away = 5
    const watcher = new InboxWatcher(
      { inbox: deployment.inbox, deployBlock: deployment.deployBlock, pollMs: 100, confirmations: 0n, maxLogRange: 100n },
      {
        l1: new L1Client({ request: (args) => (away-- > 0 ? Promise.reject(new Error('fetch failed')) : l1.provider.request(args)) }),
        database,
        consumed: () => 0n,
        onItems: arrived.resolve,
        timers: new VirtualTimers(),
        log: silentLog,
      },
    )
    await deposit(1)
    await watcher.start(new AbortController().signal)
    await arrived.promise
    await watcher.stop()
    expect(watcher.failure()).toBeUndefined()
    expect(watcher.count()).toBe(1n)
  })
})
