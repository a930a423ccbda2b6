import { beforeEach, expect, it } from 'vitest'
import { type Hex, InboxTree, type StoredBatch } from '../../core/index.ts'
import { createRollup, genesis, inboxDeadlineSeconds, nextBatch, type RollupFixture } from './rollup-fixture.ts'

const deadline = BigInt(inboxDeadlineSeconds)
let fixture: RollupFixture
let tree: InboxTree
/** Root at each count. */
let roots: Hex[]
/** L1 time of each deposit. */
let times: bigint[]

beforeEach(async () => {
  fixture = await createRollup()
  tree = new InboxTree()
  roots = [tree.root()]
  times = []
})

/** Makes deposits; returns the L1 time of the last. */
async function deposit(items: number): Promise<bigint> {
  for (let i = 0; i < items; i++) {
    roots.push(await fixture.deposit(tree, 1))
    times.push(await fixture.l1.now())
  }
  return fixture.l1.now()
}

async function setL1Time(timestamp: bigint): Promise<void> {
  await fixture.l1.client.setNextBlockTimestamp({ timestamp })
  await fixture.l1.client.mine({ blocks: 1 })
}

/** A batch of one block that consumed up to `inboxCount`. */
function batchUpTo(last: StoredBatch, inboxCount: number, lastTimestamp: bigint) {
  const batch = nextBatch(last, { inboxCount: BigInt(inboxCount), lastTimestamp, lastBlockNumber: last.lastBlockNumber + 1n })
  return { batch, stored: fixture.storedOf(last, batch, roots[inboxCount]) }
}

/** Asserts that the batch leaves item `index` although it is overdue. */
const expectOverdue = (commit: ReturnType<typeof batchUpTo>['batch'], index: number, last: StoredBatch = genesis) =>
  fixture.l1.expectRevert(fixture.call('commitBatches', [last, [commit]]), 'Rollup__InboxHeadOverdue', [
    BigInt(index),
    (times[index] ?? 0n) + deadline,
  ])

it('takes batches that skip an item which is not yet overdue', async () => {
  const depositTime = await deposit(1)
  await setL1Time(depositTime + deadline)
  const { batch } = batchUpTo(genesis, 0, depositTime + deadline)
  expect((await fixture.commit(genesis, batch)).status).toBe('success')
})

it('refuses a batch that skips an overdue item, and takes it with the item', async () => {
  const depositTime = await deposit(1)
  const later = depositTime + deadline + 1n
  await setL1Time(later)
  const skipping = batchUpTo(genesis, 0, later)
  await expectOverdue(skipping.batch, 0)
  await fixture.commit(genesis, batchUpTo(genesis, 1, later).batch)
})

it('refuses a batch that consumes some and leaves an overdue one', async () => {
  const secondTime = await deposit(2)
  await setL1Time(secondTime + deadline + 1n)
  const { batch } = batchUpTo(genesis, 1, secondTime + deadline + 1n)
  await expectOverdue(batch, 1)
})

it('takes a batch that consumes as much as a block can, whatever remains', async () => {
  const later = (await deposit(18)) + deadline + 1n
  await setL1Time(later)
  await expectOverdue(batchUpTo(genesis, 15, later).batch, 15)
  const sixteen = batchUpTo(genesis, 16, later)
  await fixture.commit(genesis, sixteen.batch)
  await expectOverdue(batchUpTo(sixteen.stored, 17, later + 1n).batch, 17, sixteen.stored)
  const rest = batchUpTo(sixteen.stored, 18, later + 1n)
  await fixture.commit(sixteen.stored, rest.batch)
})

it('takes a batch that was sealed before the item was overdue, however late it is committed', async () => {
  const depositTime = await deposit(1)
  await setL1Time(depositTime + 10n * deadline)
  const { batch } = batchUpTo(genesis, 0, depositTime)
  await fixture.commit(genesis, batch)
})

it('takes a batch of a clock that ran ahead while L1’s deadline is not over', async () => {
  const depositTime = await deposit(1)
  const { batch } = batchUpTo(genesis, 0, depositTime + 10n * deadline)
  await fixture.commit(genesis, batch)
})

it('takes a batch that skips the overdue item together with a later one that consumes it', async () => {
  const depositTime = await deposit(1)
  const later = depositTime + deadline + 1n
  await setL1Time(later)
  const skipping = batchUpTo(genesis, 0, later)
  await expectOverdue(skipping.batch, 0)
  const consuming = batchUpTo(skipping.stored, 1, later + 1n)
  await fixture.commit(genesis, skipping.batch, consuming.batch)
  expect(await fixture.read.heads()).toEqual([2n, 0n, 0n])
})
