import { parseEventLogs } from 'viem'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InboxTree, storedBatchHash } from '../../core/index.ts'
import { rollupAbi, rollupBytecode } from '../index.ts'
import { accounts } from './l1-fixture.ts'
import { createRollup, genesis, genesisDiff, hashOf, nextBatch, programId, type RollupFixture, zeroHash } from './rollup-fixture.ts'

const { deployer, sequencer, stranger } = accounts
let fixture: RollupFixture
let snapshot: `0x${string}`

beforeAll(async () => {
  fixture = await createRollup()
})

beforeEach(async () => {
  if (snapshot) await fixture.l1.client.revert({ id: snapshot })
  snapshot = await fixture.l1.client.snapshot()
})

/** Genesis and its first three successors as L1 stores them. */
function chainOfThree() {
  const first = nextBatch(genesis)
  const storedFirst = fixture.storedOf(genesis, first)
  const second = nextBatch(storedFirst)
  const storedSecond = fixture.storedOf(storedFirst, second)
  const third = nextBatch(storedSecond)
  return { batches: [first, second, third] as const, stored: [storedFirst, storedSecond, fixture.storedOf(storedSecond, third)] as const }
}

describe('life cycle', () => {
  it('stores the genesis as batch 0', async () => {
    expect(await fixture.read.heads()).toEqual([0n, 0n, 0n])
    expect(await fixture.read.storedBatchHash(0n)).toBe(storedBatchHash(genesis))
    expect(await fixture.read.stateRoot(0n)).toBe(genesis.stateRoot)
  })

  it('commits several batches at once, and computes the digests that core computes', async () => {
    const { batches, stored } = chainOfThree()
    const receipt = await fixture.commit(genesis, ...batches)
    expect(await fixture.read.heads()).toEqual([3n, 0n, 0n])
    const events = parseEventLogs({ abi: rollupAbi, eventName: 'BatchCommitted', logs: receipt.logs })
    expect(events.map(({ args }) => args)).toEqual(
      stored.map((batch) => ({ number: batch.number, batchHash: storedBatchHash(batch), digest: batch.digest })),
    )
    expect(await fixture.read.storedBatchHash(2n)).toBe(storedBatchHash(stored[1]))
  })

  it('proves and executes in order, and only then shows roots', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.attest(stored[0].digest, stored[1].digest)
    const proven = await fixture.prove(stored[0], stored[1])
    expect(parseEventLogs({ abi: rollupAbi, eventName: 'BatchProven', logs: proven.logs }).map(({ args }) => args)).toEqual(
      stored.slice(0, 2).map((batch) => ({ number: batch.number, batchHash: storedBatchHash(batch), digest: batch.digest })),
    )
    expect(await fixture.read.heads()).toEqual([3n, 2n, 0n])
    expect(await fixture.read.stateRoot(1n)).toBe(zeroHash)

    const executed = await fixture.execute(stored[0])
    expect(parseEventLogs({ abi: rollupAbi, eventName: 'BatchExecuted', logs: executed.logs }).map(({ args }) => args)).toEqual([
      { number: 1n, batchHash: storedBatchHash(stored[0]), stateRoot: stored[0].stateRoot, messagesRoot: stored[0].messagesRoot },
    ])
    expect(await fixture.read.heads()).toEqual([3n, 2n, 1n])
    expect(await fixture.read.stateRoot(1n)).toBe(stored[0].stateRoot)
    expect(await fixture.read.stateRoot(2n)).toBe(zeroHash)
  })

  it('keeps the messages root of an executed batch', async () => {
    const stored = await fixture.finalize(genesis, { messagesRoot: hashOf('messages') })
    expect(await fixture.read.messagesRoot(stored.number)).toBe(hashOf('messages'))
  })

  it('tells the digest of a batch before it is committed', async () => {
    const { batches, stored } = chainOfThree()
    const digest = await fixture.l1.client.readContract({
      address: fixture.rollup,
      abi: rollupAbi,
      functionName: 'digestOf',
      args: [genesis, batches[0]],
    })
    expect(digest).toBe(stored[0].digest)
  })
})

describe('initialize', () => {
  const config = () => ({
    owner: deployer.address,
    sequencer: sequencer.address,
    inbox: fixture.inbox,
    verifier: fixture.verifier,
    programId,
    l2ChainId: 1n,
    inboxDeadline: 1n,
    maxTimestampLead: 100n,
    upgradeDelay: 86_400n,
    allowDevBatches: false,
  })
  const initialize = (address: `0x${string}`, batch: unknown, from = deployer.address) =>
    ({ ...fixture.call('initialize', [batch, `0x${Buffer.from(genesisDiff).toString('hex')}`], from), address }) as const

  it('happens once', async () => {
    await fixture.l1.expectRevert(initialize(fixture.rollup, genesis), 'Rollup__AlreadyInitialized')
  })

  it('is the owner’s', async () => {
    const rollup = await fixture.l1.deploy(rollupAbi, rollupBytecode, [config()])
    await fixture.l1.expectRevert(initialize(rollup, genesis, stranger.address), 'AccessControlUnauthorizedAccount', [
      stranger.address,
      zeroHash,
    ])
  })

  it('comes before any commit', async () => {
    const rollup = await fixture.l1.deploy(rollupAbi, rollupBytecode, [config()])
    await fixture.l1.expectRevert(
      { ...fixture.call('commitBatches', [genesis, [nextBatch(genesis)]]), address: rollup },
      'Rollup__StoredBatchMismatch',
      [zeroHash, storedBatchHash(genesis)],
    )
  })

  it.each([
    ['number', { number: 1n }],
    ['first block', { firstBlockNumber: 1n }],
    ['last block', { lastBlockNumber: 1n }],
    ['Inbox count', { inboxCount: 1n }],
    ['Inbox root', { inboxRoot: hashOf('another tree') }],
    ['messages root', { messagesRoot: hashOf('messages') }],
    ['digest', { digest: hashOf('digest') }],
    ['program', { programId: hashOf('program') }],
    ['hash of the diff', { stateDiffHash: hashOf('another diff') }],
  ])('refuses a genesis with a wrong %s', async (_, change) => {
    const rollup = await fixture.l1.deploy(rollupAbi, rollupBytecode, [config()])
    const wrong = { ...genesis, ...change }
    await fixture.l1.expectRevert(initialize(rollup, wrong), 'Rollup__GenesisInvalid', [storedBatchHash(genesis), storedBatchHash(wrong)])
  })

  it('limits how far L2’s clock may be ahead where the constructor says so', async () => {
    const rollup = await fixture.l1.deploy(rollupAbi, rollupBytecode, [config()])
    await fixture.l1.send(initialize(rollup, genesis))
    const timestamp = (await fixture.l1.now()) + 1_000n
    await fixture.l1.client.setNextBlockTimestamp({ timestamp })
    await fixture.l1.client.mine({ blocks: 1 })
    const commit = (lastTimestamp: bigint) =>
      ({ ...fixture.call('commitBatches', [genesis, [nextBatch(genesis, { lastTimestamp })]]), address: rollup }) as const
    await fixture.l1.expectRevert(commit(timestamp + 101n), 'Rollup__TimestampTooFarAhead', [timestamp + 100n, timestamp + 101n])
    await fixture.l1.send(commit(timestamp + 100n))
  })
})

describe('commitBatches', () => {
  it('is the sequencer’s', async () => {
    await fixture.l1.expectRevert(
      fixture.call('commitBatches', [genesis, [nextBatch(genesis)]], stranger.address),
      'AccessControlUnauthorizedAccount',
      [stranger.address, hashOf('SEQUENCER_ROLE')],
    )
  })

  it.each([
    ['a gap in the batch numbers', { number: 2n }, 'Rollup__BatchNumberMismatch', [1n, 2n]],
    ['the number of a committed batch', { number: 0n }, 'Rollup__BatchNumberMismatch', [1n, 0n]],
    ['a gap in the blocks', { firstBlockNumber: 2n }, 'Rollup__FirstBlockMismatch', [1n, 2n]],
    ['a block of the previous batch', { firstBlockNumber: 0n }, 'Rollup__FirstBlockMismatch', [1n, 0n]],
    ['no block', { lastBlockNumber: 0n }, 'Rollup__LastBlockBeforeFirst', [1n, 0n]],
    [
      'time standing still',
      { lastTimestamp: genesis.lastTimestamp },
      'Rollup__TimestampNotIncreasing',
      [genesis.lastTimestamp, genesis.lastTimestamp],
    ],
    ['more Inbox items than there are', { inboxCount: 1n }, 'Rollup__InboxCountTooHigh', [0n, 1n]],
  ])('refuses %s', async (_, change, error, args) => {
    await fixture.l1.expectRevert(fixture.call('commitBatches', [genesis, [nextBatch(genesis, change)]]), error, args)
  })

  it('refuses an empty list', async () => {
    await fixture.l1.expectRevert(fixture.call('commitBatches', [genesis, []]), 'Rollup__NoBatches')
  })

  it.each([
    ['another state root', { stateRoot: hashOf('forged') }],
    ['another block hash', { lastBlockHash: hashOf('forged') }],
    ['another Inbox count', { inboxCount: 5n }],
  ])('refuses a predecessor with %s', async (_, change) => {
    const forged = { ...genesis, ...change }
    await fixture.l1.expectRevert(fixture.call('commitBatches', [forged, [nextBatch(forged)]]), 'Rollup__StoredBatchMismatch', [
      storedBatchHash(genesis),
      storedBatchHash(forged),
    ])
  })

  it('refuses a second successor of a batch', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, batches[0])
    await fixture.l1.expectRevert(fixture.call('commitBatches', [genesis, [batches[0]]]), 'Rollup__BatchNumberMismatch', [1n, 0n])
    await fixture.commit(stored[0], batches[1])
  })

  it('takes a batch up to the Inbox root that it names, and never back', async () => {
    const tree = new InboxTree()
    const rootOfTwo = await fixture.deposit(tree, 2)
    await fixture.deposit(tree, 1)
    const batch = nextBatch(genesis, { inboxCount: 2n })
    const stored = fixture.storedOf(genesis, batch, rootOfTwo)
    await fixture.commit(genesis, batch)
    expect(await fixture.read.storedBatchHash(1n)).toBe(storedBatchHash(stored))
    await fixture.l1.expectRevert(
      fixture.call('commitBatches', [stored, [nextBatch(stored, { inboxCount: 1n })]]),
      'Rollup__InboxCountDecreased',
      [2n, 1n],
    )
    await fixture.l1.expectRevert(
      fixture.call('commitBatches', [stored, [nextBatch(stored, { inboxCount: 4n })]]),
      'Rollup__InboxCountTooHigh',
      [3n, 4n],
    )
    // A batch that consumes nothing has that root before and after, however many items wait: the guest takes it from a block.
    const idle = nextBatch(stored, { inboxCount: 2n })
    await fixture.commit(stored, idle)
    expect(await fixture.read.storedBatchHash(2n)).toBe(storedBatchHash(fixture.storedOf(stored, idle, rootOfTwo)))
  })
})

describe('proveBatches', () => {
  it('refuses a batch without a fact', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, batches[0])
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored[0]]]), 'Rollup__FactNotRegistered', [programId, stored[0].digest])
  })

  it('refuses the fact of another batch', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.attest(stored[1].digest)
    const forged = { ...stored[0], digest: stored[1].digest }
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[forged]]), 'Rollup__StoredBatchMismatch', [
      storedBatchHash(stored[0]),
      storedBatchHash(forged),
    ])
  })

  it('refuses to skip, repeat or run ahead', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, batches[0], batches[1])
    await fixture.attest(...stored.map(({ digest }) => digest))
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored[1]]]), 'Rollup__BatchNumberMismatch', [1n, 2n])
    await fixture.l1.expectRevert(fixture.call('proveBatches', [stored]), 'Rollup__BatchNotCommitted', [2n, 3n])
    await fixture.prove(stored[0])
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored[0]]]), 'Rollup__BatchNumberMismatch', [2n, 1n])
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[]]), 'Rollup__NoBatches')
  })
})

describe('executeBatches', () => {
  it('refuses to skip, repeat or run ahead', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[stored[0]]]), 'Rollup__BatchNotProven', [0n, 1n])
    await fixture.attest(...stored.map(({ digest }) => digest))
    await fixture.prove(stored[0], stored[1])
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[stored[1]]]), 'Rollup__BatchNumberMismatch', [1n, 2n])
    await fixture.l1.expectRevert(fixture.call('executeBatches', [stored]), 'Rollup__BatchNotProven', [2n, 3n])
    await fixture.execute(stored[0])
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[stored[0]]]), 'Rollup__BatchNumberMismatch', [2n, 1n])
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[]]), 'Rollup__NoBatches')
  })

  it('refuses roots that are not those of the batch', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, batches[0])
    await fixture.attest(stored[0].digest)
    await fixture.prove(stored[0])
    const forged = { ...stored[0], messagesRoot: hashOf('forged messages') }
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[forged]]), 'Rollup__StoredBatchMismatch', [
      storedBatchHash(stored[0]),
      storedBatchHash(forged),
    ])
  })
})

describe('revertBatches', () => {
  it('drops committed and proven batches, which can then be committed anew', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.attest(...stored.map(({ digest }) => digest))
    await fixture.prove(stored[0], stored[1])
    await fixture.execute(stored[0])

    const receipt = await fixture.l1.send(fixture.call('revertBatches', [1n]))
    expect(parseEventLogs({ abi: rollupAbi, eventName: 'BatchesReverted', logs: receipt.logs }).map(({ args }) => args)).toEqual([
      { lastCommitted: 1n, lastProven: 1n, lastExecuted: 1n },
    ])
    expect(await fixture.read.heads()).toEqual([1n, 1n, 1n])
    expect(await fixture.read.storedBatchHash(2n)).toBe(zeroHash)
    expect(await fixture.read.storedBatchHash(3n)).toBe(zeroHash)

    const other = nextBatch(stored[0], { stateRoot: hashOf('another state') })
    const storedOther = fixture.storedOf(stored[0], other)
    await fixture.commit(stored[0], other)
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored[1]]]), 'Rollup__StoredBatchMismatch', [
      storedBatchHash(storedOther),
      storedBatchHash(stored[1]),
    ])
    await fixture.attest(storedOther.digest)
    await fixture.prove(storedOther)
    await fixture.execute(storedOther)
    expect(await fixture.read.heads()).toEqual([2n, 2n, 2n])
  })

  it('leaves proofs of batches that stay', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.attest(stored[0].digest)
    await fixture.prove(stored[0])
    await fixture.l1.send(fixture.call('revertBatches', [2n]))
    expect(await fixture.read.heads()).toEqual([2n, 1n, 0n])
  })

  it('refuses executed batches and batches that do not exist', async () => {
    await fixture.finalize(genesis)
    await fixture.l1.expectRevert(fixture.call('revertBatches', [0n]), 'Rollup__RevertOutOfRange', [1n, 1n, 0n])
    await fixture.l1.expectRevert(fixture.call('revertBatches', [2n]), 'Rollup__RevertOutOfRange', [1n, 1n, 2n])
  })

  it('is the sequencer’s and the owner’s', async () => {
    await fixture.commit(genesis, ...chainOfThree().batches)
    await fixture.l1.expectRevert(fixture.call('revertBatches', [0n], stranger.address), 'AccessControlUnauthorizedAccount', [
      stranger.address,
      zeroHash,
    ])
    await fixture.l1.send(fixture.call('revertBatches', [2n], deployer.address))
    await fixture.l1.send(fixture.call('revertBatches', [1n], sequencer.address))
    expect(await fixture.read.heads()).toEqual([1n, 0n, 0n])
  })
})

describe('pause', () => {
  it('stops commits, proofs and executions but not reverts', async () => {
    const { batches, stored } = chainOfThree()
    await fixture.commit(genesis, ...batches)
    await fixture.l1.send(fixture.call('pause', [], deployer.address))
    await fixture.l1.expectRevert(fixture.call('commitBatches', [stored[2], [nextBatch(stored[2])]]), 'EnforcedPause')
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored[0]]]), 'EnforcedPause')
    await fixture.l1.expectRevert(fixture.call('executeBatches', [[stored[0]]]), 'EnforcedPause')
    await fixture.l1.send(fixture.call('revertBatches', [0n]))
    await fixture.l1.send(fixture.call('unpause', [], deployer.address))
    await fixture.commit(genesis, batches[0])
  })

  it('is the owner’s', async () => {
    await fixture.l1.expectRevert(fixture.call('pause', []), 'AccessControlUnauthorizedAccount', [sequencer.address, zeroHash])
    await fixture.l1.send(fixture.call('pause', [], deployer.address))
    await fixture.l1.expectRevert(fixture.call('unpause', []), 'AccessControlUnauthorizedAccount', [sequencer.address, zeroHash])
  })
})
