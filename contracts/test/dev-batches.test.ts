import { parseEventLogs } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { type StoredBatch, storedBatchHash } from '../../core/index.ts'
import { rollupAbi, rollupBytecode } from '../index.ts'
import { accounts, deploymentError } from './l1-fixture.ts'
import { createRollup, genesis, nextBatch, programId, type RollupFixture, zeroHash } from './rollup-fixture.ts'

const { deployer, sequencer } = accounts
const devBatch = (last: StoredBatch) => nextBatch(last, { isDev: true })

describe('a rollup for proven batches only', () => {
  let fixture: RollupFixture
  beforeEach(async () => {
    fixture = await createRollup()
  })

  it('takes no dev batch, alone or behind others', async () => {
    expect(await fixture.read.allowDevBatches()).toBe(false)
    const dev = devBatch(genesis)
    await fixture.l1.expectRevert(fixture.call('commitBatches', [genesis, [dev]]), 'Rollup__DevBatchNotAllowed', [1n])
    await fixture.l1.expectRevert(fixture.call('digestOf', [genesis, dev]), 'Rollup__DevBatchNotAllowed', [1n])
    const honest = nextBatch(genesis)
    const behind = devBatch(fixture.storedOf(genesis, honest))
    await fixture.l1.expectRevert(fixture.call('commitBatches', [genesis, [honest, behind]]), 'Rollup__DevBatchNotAllowed', [2n])
    expect(await fixture.read.heads()).toEqual([0n, 0n, 0n])
  })

  it('lets nobody pass a committed batch for a dev batch', async () => {
    const honest = nextBatch(genesis)
    const stored = fixture.storedOf(genesis, honest)
    await fixture.commit(genesis, honest)
    const disguised = { ...stored, programId: zeroHash }
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[disguised]]), 'Rollup__StoredBatchMismatch', [
      storedBatchHash(stored),
      storedBatchHash(disguised),
    ])
  })

  it('cannot have the program zero, which marks dev batches', async () => {
    const config = {
      ...{ owner: deployer.address, sequencer: sequencer.address, inbox: fixture.inbox, verifier: fixture.verifier },
      ...{ programId: zeroHash, l2ChainId: 1n, inboxDeadline: 1n, maxTimestampLead: 1n, upgradeDelay: 86_400n, allowDevBatches: true },
    }
    await expect(fixture.l1.deploy(rollupAbi, rollupBytecode, [config])).rejects.toThrow(deploymentError('UpgradeTimelock__ProgramIdZero'))
  })
})

describe('a rollup that allows dev batches', () => {
  let fixture: RollupFixture
  beforeEach(async () => {
    fixture = await createRollup(undefined, { allowDevBatches: true })
  })

  it('lets a dev batch pass without a fact, and never says that it is proven', async () => {
    const dev = devBatch(genesis)
    const stored = fixture.storedOf(genesis, dev)
    expect(stored.programId).toBe(zeroHash)
    await fixture.commit(genesis, dev)
    expect(await fixture.read.storedBatchHash(1n)).toBe(storedBatchHash(stored))
    const { logs } = await fixture.prove(stored)
    expect(parseEventLogs({ abi: rollupAbi, logs }).map(({ eventName, args }) => [eventName, args])).toEqual([
      ['DevBatchPassed', { number: 1n, batchHash: storedBatchHash(stored), digest: stored.digest }],
    ])
    await fixture.execute(stored)
    expect(await fixture.read.heads()).toEqual([1n, 1n, 1n])
    expect(await fixture.read.stateRoot(1n)).toBe(stored.stateRoot)
  })

  it('asks for the proofs of the batches around it, which start from its state', async () => {
    const before = nextBatch(genesis)
    const storedBefore = fixture.storedOf(genesis, before)
    const dev = devBatch(storedBefore)
    const storedDev = fixture.storedOf(storedBefore, dev)
    const after = nextBatch(storedDev)
    const storedAfter = fixture.storedOf(storedDev, after)
    await fixture.commit(genesis, before, dev, after)
    const fact = (batch: StoredBatch) => [programId, batch.digest]
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[storedBefore]]), 'Rollup__FactNotRegistered', fact(storedBefore))
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[storedDev]]), 'Rollup__BatchNumberMismatch', [1n, 2n])
    await fixture.attest(storedBefore.digest)
    await fixture.l1.expectRevert(
      fixture.call('proveBatches', [[storedBefore, storedDev, storedAfter]]),
      'Rollup__FactNotRegistered',
      fact(storedAfter),
    )
    await fixture.attest(storedAfter.digest)
    const { logs } = await fixture.prove(storedBefore, storedDev, storedAfter)
    expect(parseEventLogs({ abi: rollupAbi, logs }).map(({ eventName }) => eventName)).toEqual([
      'BatchProven',
      'DevBatchPassed',
      'BatchProven',
    ])
  })

  it('does not take a dev batch for a proven one, nor the other way round', async () => {
    const dev = devBatch(genesis)
    const stored = fixture.storedOf(genesis, dev)
    await fixture.commit(genesis, dev)
    const disguised = { ...stored, programId }
    await fixture.attest(stored.digest)
    for (const step of ['proveBatches', 'executeBatches'] as const) {
      if (step === 'executeBatches') await fixture.prove(stored)
      await fixture.l1.expectRevert(fixture.call(step, [[disguised]]), 'Rollup__StoredBatchMismatch', [
        storedBatchHash(stored),
        storedBatchHash(disguised),
      ])
    }
  })
})
