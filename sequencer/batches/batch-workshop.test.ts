import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Batch, encodeDepositPayload, type Hex, inboxKinds, predeploys, rules } from '../../core/index.ts'
import { type DevnetDatabase, openDatabase } from '../../database/index.ts'
import { callData, initCode, storeCode, tokenCode } from '../../stf/testing/contracts.ts'
import type { InboxSlice } from '../blocks/inbox-feed.ts'
import { InboxStore } from '../inbox/inbox-store.ts'
import { inboxMigrations } from '../inbox/migrations.ts'
import { chainMigrations } from '../storage/migrations.ts'
import { account, FakeFeed, gwei, sign, startTestChain, type TestChain } from '../testing/test-chain.ts'
import { BatchStore, type ClosedBatch } from './batch-store.ts'
import { BatchWorkshop } from './batch-workshop.ts'
import { buildBatch, type RollupIdentity } from './build-batch.ts'
import { storeGenesisBatch } from './genesis-batch.ts'
import { batchesMigrations } from './migrations.ts'

const token: Hex = '0x00000000000000000000000000000000000c0de1'
const predeployed = [{ address: token, code: tokenCode }]
const alice = account(0)
const identity: RollupIdentity = {
  ...{ l1ChainId: 31_337n, rollup: `0x${'a1'.repeat(20)}`, programId: `0x${'0e'.repeat(32)}`, proofType: 'attested' },
}

/** The Inbox in its tables, as the node has it, without an L1. */
class StoredFeed extends FakeFeed {
  readonly store: InboxStore

  constructor(database: DevnetDatabase) {
    super()
    this.store = new InboxStore(database)
  }

  override push(to: Hex, amountGwei: bigint): void {
    const index = this.store.count()
    const payload = encodeDepositPayload({ to, amountGwei })
    const place = { l1Time: 1_700_000_000n, l1Block: index, l1TxHash: identity.programId }
    this.store.append(this.store.treeAt(index), { index, kind: inboxKinds.deposit, sender: to, payload, ...place })
    this.deposits.push({ index, validatorIndex: 0n, address: to, amountGwei })
  }

  override next(consumed: bigint, max: number): InboxSlice {
    const slice = super.next(consumed, max)
    return { ...slice, rootAfter: this.rootAt(slice.countAfter) }
  }

  override rootAt(count: bigint): Hex {
    return this.store.rootAt(count)
  }
}

interface Bench {
  readonly chain: TestChain
  readonly feed: StoredFeed
  readonly store: BatchStore
  /** Builds all in a thread. */
  readonly workshop: BatchWorkshop
  newest(): Batch
}

let scratch: string
let closers: (() => Promise<void>)[]
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'zkdevnet-batch-workshop-'))
  closers = []
})
afterEach(async () => {
  for (const close of closers) await close()
  rmSync(scratch, { recursive: true, force: true })
})

async function open(name = 'a', maxBytesHere = -1): Promise<Bench> {
  const database = openDatabase({ dataDir: join(scratch, name), migrations: [chainMigrations, inboxMigrations, batchesMigrations] })
  const feed = new StoredFeed(database)
  const chain = await startTestChain({ database, feed, predeploys: predeployed })
  const store = new BatchStore(database)
  storeGenesisBatch(store, chain.store, 'attested')
  const workshop = new BatchWorkshop({ database, identity, chain: chain.store, inbox: feed.store, maxBytesHere })
  closers.push(async () => {
    await workshop.close()
    await chain.stop()
    database.close()
  })
  const newest = (): Batch => {
    const batch = store.batch(store.latest() ?? 0n)
    if (batch === undefined) throw new Error('no genesis batch')
    return batch
  }
  return { chain, feed, store, workshop, newest }
}

const nonceOf = ({ store }: TestChain): bigint => store.stateAt(store.head().header.number).account(alice.address).nonce
const send = (chain: TestChain, fields: Record<string, unknown>): Promise<Hex> =>
  chain.pool.submit(sign({ from: alice, nonce: nonceOf(chain), gasLimit: 300_000n, ...fields }))
const transfer = (chain: TestChain): Promise<Hex> => send(chain, { to: token, data: callData(nonceOf(chain) * 31n + 5n, 1n) })
const request = ({ chain, newest }: Bench) => ({
  ...{ previous: newest(), lastBlockNumber: chain.store.head().header.number, sealedAtMs: 1_800_000_000_000 },
})
const buildHere = (bench: Bench): Promise<ClosedBatch> =>
  buildBatch(request(bench), { identity, chain: bench.chain.store, inbox: bench.feed.store })

const actions = {
  transfers: async ({ chain }: Bench) => {
    for (let i = 0; i < 5; i++) await transfer(chain)
  },
  'code with a slot': async ({ chain }: Bench) => {
    const created = await send(chain, { to: undefined, data: initCode(storeCode) })
    await send(chain, { to: chain.store.receipt(created)?.contractAddress, data: callData(7n, nonceOf(chain)) })
  },
  // withdraw(address) of the base token.
  withdrawal: ({ chain }: Bench) =>
    send(chain, { to: predeploys.baseToken, data: `0x51cff8d9${account(1).address.slice(2).padStart(64, '0')}`, value: 5n * gwei }),
  deposits: async ({ chain, feed }: Bench) => {
    for (let i = 0; i <= rules.maxDepositsPerBlock; i++) feed.push(account(2).address, 3n)
    await chain.depositsArrived()
  },
  edit: async ({ chain }: Bench) => {
    await chain.dev.edit(() => [{ address: account(3).address, balance: nonceOf(chain) + 7n, slots: [{ key: 1n, value: nonceOf(chain) }] }])
    await transfer(chain)
  },
  'move to the tables': ({ chain }: Bench) => chain.store.moveToTables(),
} as const
const names = Object.keys(actions) as (keyof typeof actions)[]

describe('A batch', () => {
  it('is the same from the thread as from the node, whatever the chain did, rewinds in between', async () => {
    const action = fc.constantFrom(...names, ...names, 'batch' as const, 'batch' as const, 'rewind' as const)
    let run = 0
    const compared = { proven: 0, dev: 0, messages: 0, deposits: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 15, maxLength: 25 }), async (script) => {
        const bench = await open(`run-${run++}`)
        const { chain, store, workshop, newest } = bench
        const compare = async (): Promise<void> => {
          if (chain.store.head().header.number === newest().lastBlockNumber) return
          const here = await buildHere(bench)
          expect(await workshop.build(request(bench))).toEqual(here)
          compared[here.proofType === 'dev' ? 'dev' : 'proven']++
          compared.messages += here.messages.length
          compared.deposits += here.depositCount
        }
        let snapshot = await chain.snapshot.take()
        let latest = 0n
        for (const step of script) {
          if (step === 'batch') {
            await compare()
            if (chain.store.head().header.number > newest().lastBlockNumber) store.add(await workshop.build(request(bench)))
            snapshot = await chain.snapshot.take()
            latest = newest().number
          } else if (step === 'rewind') {
            // Built, and of no chain any more.
            await compare()
            const release = await chain.snapshot.pause()
            chain.database.transaction(() => chain.snapshot.revertStored?.(snapshot))
            await chain.snapshot.revert?.(snapshot)
            release()
            snapshot = await chain.snapshot.take()
            expect(newest().number).toBe(latest)
          } else await actions[step](bench)
        }
        await compare()
      }),
      { numRuns: 5 },
    )
    expect(Math.min(...Object.values(compared))).toBeGreaterThan(0)
  }, 120_000)

  it('that cannot be built tells why, and the next one is built', async () => {
    const bench = await open()
    await actions.transfers(bench)
    const { previous, ...rest } = request(bench)
    await expect(bench.workshop.build({ previous, ...rest, lastBlockNumber: 6n })).rejects.toThrow('blocks 0…6 are not all stored')
    expect(await bench.workshop.build(request(bench))).toEqual(await buildHere(bench))
  })

  it('is built from the journal where its blocks cannot be moved', async () => {
    const bench = await open()
    await actions.transfers(bench)
    // The thread that moves them reads the file by its name.
    rmSync(join(scratch, 'a', 'blocks.journal'))
    expect(await bench.workshop.build(request(bench))).toEqual(await buildHere(bench))
  })

  it('is built of one state of the database, whatever is written meanwhile', async () => {
    const bench = await open()
    const { chain, workshop } = bench
    await actions.transfers(bench)
    const snapshot = await chain.snapshot.take()
    for (let i = 0; i < 10; i++) await actions.transfers(bench)
    const here = await buildHere(bench)
    // The thread runs, and what follows is written while it works on the second request.
    await workshop.build(request(bench))
    const built = workshop.build(request(bench))
    await chain.store.moveToTables()
    chain.database.transaction(() => chain.snapshot.revertStored?.(snapshot))
    // Before or after the rewind: all of it, or an error.
    const outcome = await built.then(
      (batch) => ({ batch }),
      (error: Error) => ({ error: error.message }),
    )
    if ('batch' in outcome) expect(outcome.batch).toEqual(here)
    else expect(outcome.error).toContain('are not all stored')
    await actions.transfers(bench)
    expect(await workshop.build(request(bench))).toEqual(await buildHere(bench))
  })

  it('is built by the node itself where it is small', async () => {
    const bench = await open('a', 2 ** 20)
    await actions.transfers(bench)
    await bench.workshop.build(request(bench))
    // A thread would have needed them there.
    expect(bench.chain.database.sqlite.prepare('SELECT count(*) FROM chain_blocks').pluck().get()).toBe(1)
    for (let i = 0; i < 6; i++) await actions.transfers(bench)
    await bench.workshop.build(request(bench))
    expect(bench.chain.database.sqlite.prepare('SELECT count(*) FROM chain_blocks').pluck().get()).toBe(36)
  })
})
