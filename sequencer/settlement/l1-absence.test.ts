import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deployment } from '../../contracts/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { account, sign } from '../testing/test-chain.ts'
import { FlakyProvider } from './testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1 } from './testing/in-process-l1.ts'
import { deployForTestGenesis, honestQueue, openRollupDatabase, type RollupNode, startRollupNode } from './testing/rollup-node.ts'

const hourMs = 3_600_000
const alice = account(0)

let l1: InProcessL1
let deployment: Deployment
let provider: FlakyProvider
let database: DevnetDatabase
let node: RollupNode

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
})
afterAll(() => l1.close())

async function start(ownsL1: boolean): Promise<void> {
  node = await startRollupNode({ database, provider, deployment, queue: honestQueue(deployment), ownsL1 })
  await node.rollup.synchronize()
  await node.pollInbox()
}

beforeEach(() => {
  provider = new FlakyProvider(l1.provider)
  database = openRollupDatabase()
  return async () => {
    await node.stop()
    database.close()
  }
})

const send = () => node.chain.pool.submit(sign({ from: alice, nonce: node.chain.pool.nextNonce(alice.address) }))
const away = expect.objectContaining({ code: 'L1_AWAY' })

describe('An L1 that does not answer', () => {
  it('lets blocks be sealed as long as none can miss the deadline of the Inbox, and again when it answers', async () => {
    await start(false)
    provider.disturb = () => 'lost'
    node.timers.advance(22 * hourMs)
    await send()
    node.timers.advance(hourMs + 60_000)
    const head = node.chain.store.head().hash
    await expect(send()).rejects.toThrow(away)
    await expect(node.chain.sealing.mine()).rejects.toThrow(away)
    await expect(node.pollInbox()).rejects.toThrow()
    expect(node.rollup.sealingStop()).toMatchObject({ code: 'L1_AWAY', message: expect.stringContaining('1381 minutes') })
    expect(node.chain.store.head().hash).toBe(head)
    provider.disturb = () => 'none'
    await node.pollInbox()
    expect(node.rollup.sealingStop()).toBeNull()
    await send()
  })

  it('stops an L2 whose clock runs ahead of it as soon as it is away, not when it misses one answer', async () => {
    await start(false)
    await node.chain.sealing.increaseTime(30n * 3_600n)
    node.timers.advance(4 * 60_000)
    await send()
    node.timers.advance(60_000)
    await expect(send()).rejects.toThrow(away)
  })

  it('is no matter where the L1 is the devnet’s own', async () => {
    await start(true)
    node.timers.advance(100 * hourMs)
    await send()
  })
})
