import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SnapshotBelowCommittedBatchError } from '../../core/index.ts'
import { openMemoryDatabase } from '../../database/index.ts'
import { chainMigrations } from '../storage/migrations.ts'
import { account, ether, sign, startTestChain, type TestChain } from '../testing/test-chain.ts'
import { DevnetSnapshots } from './devnet-snapshots.ts'
import type { SnapshotParticipant } from './participant.ts'

const snapshotsOf = (chain: TestChain, ...others: SnapshotParticipant[]): DevnetSnapshots =>
  new DevnetSnapshots({ database: chain.database, participants: [chain.snapshot, ...others], l1: null })

const transfer = (nonce: number): Uint8Array => sign({ from: account(0), nonce, to: account(1).address, value: ether })
const balance = (chain: TestChain): bigint =>
  chain.store.stateAt(chain.store.head().header.number).account(account(1).address).balance / ether

/** Keeps a number, and a list of what it was told to do. */
function recorder(name: string, calls: string[], fail?: Error): SnapshotParticipant & { value: number } {
  return {
    name,
    value: 0,
    async pause() {
      calls.push(`${name} pause`)
      return () => calls.push(`${name} resume`)
    },
    async take() {
      return this.value
    },
    async check() {
      calls.push(`${name} check`)
      if (fail !== undefined) throw fail
    },
    revertStored() {
      calls.push(`${name} stored`)
    },
    async revert(token) {
      calls.push(`${name} revert`)
      this.value = Number(token)
    },
  }
}

describe('revert', () => {
  it('goes back to head, pool and clock; what was sealed above vanishes', async () => {
    const chain = await startTestChain()
    const snapshots = snapshotsOf(chain)
    await chain.pool.submit(transfer(0))
    const waiting = await chain.pool.submit(transfer(5))
    const id = await snapshots.take()
    const hash = chain.store.head().hash
    await chain.sealing.increaseTime(1000n)
    const gone = await chain.pool.submit(transfer(1))
    const alsoGone = await chain.pool.submit(transfer(7))
    const heads: bigint[] = []
    chain.events.on('rewind', ({ head }) => heads.push(head))
    expect(balance(chain)).toBe(1002n)

    expect(await snapshots.revert(id)).toBe(true)
    expect([chain.store.head().hash, balance(chain), heads]).toEqual([hash, 1001n, [1n]])
    expect([chain.store.transaction(gone), chain.store.receipt(gone), chain.store.blockByNumber(2n)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([chain.pool.find(alsoGone), chain.pool.queued().map(({ hash }) => hash)]).toEqual([undefined, [waiting]])
    expect(chain.pool.nextNonce(account(0).address)).toBe(1n)
    expect(await chain.sealing.increaseTime(0n)).toBe(0n)

    await chain.pool.submit(transfer(1))
    expect([chain.store.head().header.number, balance(chain)]).toEqual([2n, 1002n])
  })

  it('drops the snapshot and later ones, and ids go on', async () => {
    const chain = await startTestChain()
    const snapshots = snapshotsOf(chain)
    expect([await snapshots.take(), await snapshots.take(), await snapshots.take()]).toEqual([1n, 2n, 3n])
    expect(await snapshots.revert(2n)).toBe(true)
    expect([await snapshots.revert(2n), await snapshots.revert(3n), await snapshots.revert(99n)]).toEqual([false, false, false])
    expect(await snapshots.take()).toBe(4n)
    expect(await snapshots.revert(1n)).toBe(true)
  })

  it('changes nothing anywhere when one part refuses', async () => {
    const chain = await startTestChain()
    const calls: string[] = []
    const first = recorder('a', calls)
    const snapshots = snapshotsOf(chain, first, recorder('b', calls, new SnapshotBelowCommittedBatchError(3n)))
    const id = await snapshots.take()
    await chain.pool.submit(transfer(0))
    first.value = 9
    calls.length = 0
    await expect(snapshots.revert(id)).rejects.toMatchObject({ code: 'SNAPSHOT_BELOW_COMMITTED_BATCH' })
    expect(calls).toEqual(['a pause', 'b pause', 'a check', 'b check', 'b resume', 'a resume'])
    expect([first.value, balance(chain)]).toEqual([9, 1001n])
    await chain.pool.submit(transfer(1))
  })

  it('is stored as a whole, before anything in memory goes back', async () => {
    const chain = await startTestChain()
    const failing: SnapshotParticipant = {
      ...recorder('a', []),
      revertStored() {
        throw new Error('disk')
      },
    }
    const snapshots = snapshotsOf(chain, failing)
    const id = await snapshots.take()
    await chain.pool.submit(transfer(0))
    await expect(snapshots.revert(id)).rejects.toThrow('disk')
    expect(balance(chain)).toBe(1001n)
    await chain.pool.submit(transfer(1))
    expect(balance(chain)).toBe(1002n)
  })

  it('keeps writers out while it lasts', async () => {
    const chain = await startTestChain()
    const order: string[] = []
    const sent: Promise<unknown>[] = []
    const slow: SnapshotParticipant = {
      ...recorder('slow', []),
      async take() {
        sent.push(chain.pool.submit(transfer(0)).then(() => order.push('sealed')))
        await nextTurn()
        order.push('taken')
      },
    }
    await snapshotsOf(chain, slow).take()
    await Promise.all(sent)
    expect(order).toEqual(['taken', 'sealed'])
  })

  it('leaves a database that a new node reads the same', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const chain = await startTestChain({ database })
    const snapshots = snapshotsOf(chain)
    await chain.pool.submit(transfer(0))
    const waiting = await chain.pool.submit(transfer(6))
    await chain.sealing.increaseTime(5n)
    const id = await snapshots.take()
    for (const nonce of [1, 2, 3, 8]) await chain.pool.submit(transfer(nonce))
    await chain.sealing.increaseTime(50n)
    await snapshots.revert(id)
    const again = await startTestChain({ database })
    expect(again.store.head()).toEqual(chain.store.head())
    expect(again.pool.queued().map(({ hash }) => hash)).toEqual([waiting])
    expect(await again.sealing.increaseTime(0n)).toBe(5n)
    await again.pool.submit(transfer(1))
    expect(balance(again)).toBe(1002n)
  })

  it('shows every reader the head with its state, in memory as soon as on disk', async () => {
    const chain = await startTestChain()
    const seen: unknown[] = []
    const look = () => {
      const { header } = chain.store.head()
      const view = chain.store.stateAt(header.number).account(account(0).address).nonce
      seen.push([header.number, view, chain.pool.nextNonce(account(0).address), chain.pool.queued().length])
    }
    const snapshots = new DevnetSnapshots({
      database: chain.database,
      participants: [chain.snapshot],
      l1: {
        take: async () => 'l1 token',
        takeUntilCheckpoint: async () => 'l1 start',
        revert: async (_token, alongside) => {
          look()
          chain.database.transaction(alongside)
          look()
          await nextTurn()
          look()
        },
      },
    })
    const id = await snapshots.take()
    await chain.pool.submit(transfer(0))
    await chain.pool.submit(transfer(3))
    await snapshots.revert(id)
    expect(seen).toEqual([
      [1n, 1n, 1n, 1],
      [0n, 0n, 0n, 0],
      [0n, 0n, 0n, 0],
    ])
  })

  it('goes with the L1 where that is ours', async () => {
    const chain = await startTestChain()
    const calls: string[] = []
    const snapshots = new DevnetSnapshots({
      database: chain.database,
      participants: [chain.snapshot, recorder('a', calls)],
      l1: {
        take: async () => 'l1 token',
        takeUntilCheckpoint: async () => 'l1 start',
        revert: async (token, alongside) => {
          calls.push(`revert ${token}`)
          chain.database.transaction(alongside)
        },
      },
    })
    const id = await snapshots.take()
    await chain.pool.submit(transfer(0))
    calls.length = 0
    await snapshots.revert(id)
    expect(calls).toEqual(['a pause', 'a check', 'revert l1 token', 'a stored', 'a revert', 'a resume'])
    expect(balance(chain)).toBe(1000n)
  })
})
