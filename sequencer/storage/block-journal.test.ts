import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hex } from '../../core/index.ts'
import { type DevnetDatabase, openDatabase } from '../../database/index.ts'
import { callData, initCode, tokenCode } from '../../stf/testing/contracts.ts'
import { account, sign, startTestChain, type TestChain, type TestChainOptions } from '../testing/test-chain.ts'
import { chainMigrations } from './migrations.ts'

const token: Hex = '0x00000000000000000000000000000000000c0de1'
const predeploys = [{ address: token, code: tokenCode }]

let scratch: string
let opened: { chain: TestChain; database: DevnetDatabase }[] = []
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'zkdevnet-block-journal-'))
})
afterEach(async () => {
  for (const { chain, database } of opened) {
    await chain.stop()
    database.close()
  }
  opened = []
  rmSync(scratch, { recursive: true, force: true })
})

async function open(name: string, options: TestChainOptions = {}): Promise<TestChain> {
  const database = openDatabase({ dataDir: join(scratch, name), migrations: [chainMigrations] })
  const chain = await startTestChain({ database, predeploys, ...options })
  opened.push({ chain, database })
  return chain
}

/** What would be found if the process were killed now. The files are copied one after another, so the thread must not write meanwhile. */
function copyData({ database }: TestChain, name: string, copy: string): void {
  database.transaction(() => cpSync(join(scratch, name), join(scratch, copy), { recursive: true }))
}

function killed(chain: TestChain, name: string, copy: string): Promise<TestChain> {
  copyData(chain, name, copy)
  return open(copy)
}

const nonceOf = ({ store }: TestChain): bigint => store.stateAt(store.head().header.number).account(account(0).address).nonce

async function transfer(chain: TestChain, amount = 1n): Promise<Hex> {
  const nonce = nonceOf(chain)
  const raw = sign({ from: account(0), nonce, to: token, data: callData(nonce * 31n + 5n, amount) })
  // Both ways.
  if (nonce % 2n === 0n) return chain.pool.submit(raw)
  const { hash, sealed } = await chain.pool.accept(raw)
  await sealed
  return hash
}

async function transfers(chain: TestChain, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await transfer(chain)
}

const rows = ({ database }: TestChain, table: string): unknown => database.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()

/** Everything that a reader can see of the newest blocks. */
function look({ store }: TestChain, from = 0n): unknown {
  const head = store.head().header.number
  return Array.from({ length: Number(head - from) + 1 }, (_, i) => {
    const number = from + BigInt(i)
    const block = store.blockByNumber(number)
    return {
      block,
      again: block && store.blockByHash(block.hash)?.hash,
      receipts: store.receipts(number),
      transactions: block?.transactions.map(({ hash }) => [store.transaction(hash), store.receipt(hash)]),
      sizes: [store.diffBytes(number), store.inputBytes(number), store.changes(number)],
      account: store.stateAt(number).account(account(0).address),
      slot: store.stateAt(number).proof(token, [5n]),
      record: store.record(number),
    }
  })
}

const editBalance = (chain: TestChain): Promise<void> =>
  chain.dev.edit(() => [{ address: account(3).address, balance: nonceOf(chain) + 7n }])

/** Reverts to a snapshot as the node does. */
async function revert(chain: TestChain, snapshot: unknown): Promise<void> {
  const release = await chain.snapshot.pause()
  chain.database.transaction(() => chain.snapshot.revertStored?.(snapshot))
  await chain.snapshot.revert?.(snapshot)
  release()
}

describe('blocks in the journal', () => {
  it('are read like those in the tables, and found again after a kill', async () => {
    const chain = await open('a')
    const created = await chain.pool.submit(
      sign({ from: account(0), nonce: 0, to: undefined, data: initCode(tokenCode), gasLimit: 300_000n }),
    )
    await transfers(chain, 11)
    expect(rows(chain, 'chain_blocks')).toBe(1)
    const before = look(chain)
    const restarted = await killed(chain, 'a', 'b')
    expect(rows(restarted, 'chain_blocks')).toBe(13)
    expect(look(restarted)).toEqual(before)
    expect(restarted.store.receipt(created)?.contractAddress).toBe(chain.store.receipt(created)?.contractAddress)
    await chain.store.moveToTables()
    expect(rows(chain, 'chain_blocks')).toBe(13)
    expect(look(chain)).toEqual(before)
  })

  it('go to the tables by themselves in a rush', async () => {
    const chain = await open('a')
    while (rows(chain, 'chain_blocks') === 1) {
      expect(chain.store.head().header.number).toBeLessThan(512n)
      await transfer(chain)
      // Answers of the thread come between requests.
      await new Promise(setImmediate)
    }
    const before = look(chain)
    await chain.store.moveToTables()
    expect(look(chain)).toEqual(before)
    expect(look(await killed(chain, 'a', 'b'))).toEqual(before)
  })

  it('are moved by the sealer when the thread cannot', async () => {
    const chain = await open('a')
    // The thread reads the file by its name.
    rmSync(join(scratch, 'a', 'blocks.journal'))
    await transfers(chain, 3)
    await expect(chain.store.moveToTables()).rejects.toMatchObject({ code: 'BLOCK_JOURNAL_UNREADABLE' })
    expect(rows(chain, 'chain_blocks')).toBe(1)
    while (rows(chain, 'chain_blocks') === 1) await transfer(chain)
    expect(chain.store.head().header.number).toBe(513n)
    const before = look(chain, 500n)
    await transfers(chain, 3)
    expect((look(chain, 500n) as unknown[]).slice(0, 14)).toEqual(before)
  })

  it('that nothing could move keep nobody waiting once the journal is closed', async () => {
    const chain = await open('a')
    await transfers(chain, 3)
    rmSync(join(scratch, 'a', 'blocks.journal'))
    await chain.stop()
    await chain.store.moveToTables()
    expect(rows(chain, 'chain_blocks')).toBe(1)
  })

  it('are written to the tables at once where the journal cannot be made', async () => {
    mkdirSync(join(scratch, 'a', 'blocks.journal.new'), { recursive: true })
    const chain = await open('a')
    await transfers(chain, 3)
    expect(rows(chain, 'chain_blocks')).toBe(4)
    const before = look(chain)
    expect(look(await killed(chain, 'a', 'b'))).toEqual(before)
  })

  it('are all moved before a block that settles rows of the pool', async () => {
    const chain = await open('a')
    await transfers(chain, 3)
    await chain.sealing.setAutomine(false)
    await transfer(chain)
    expect([rows(chain, 'chain_blocks'), rows(chain, 'chain_pool')]).toEqual([1, 1])
    await chain.sealing.mine()
    expect([rows(chain, 'chain_blocks'), rows(chain, 'chain_pool')]).toEqual([5, 0])
    const before = look(chain)
    expect(look(await killed(chain, 'a', 'b'))).toEqual(before)
  })

  it('stay there when their move is undone', async () => {
    const chain = await open('a')
    await transfers(chain, 12)
    const before = look(chain)
    const undone = new Error('undone')
    const move = () =>
      chain.database.transaction(() => {
        expect(chain.store.transactionCount(0n, 13n)).toBe(12)
        throw undone
      })
    expect(move).toThrow(undone)
    expect(rows(chain, 'chain_blocks')).toBe(1)
    expect(look(chain)).toEqual(before)
    expect(look(await killed(chain, 'a', 'b'))).toEqual(before)
    expect(chain.store.transactionCount(0n, 13n)).toBe(12)
    expect(rows(chain, 'chain_blocks')).toBe(13)
    expect(look(chain)).toEqual(before)
  })
})

describe('a transaction that is answered before its block is there', () => {
  const signed = (chain: TestChain): Uint8Array => sign({ from: account(0), nonce: nonceOf(chain), to: token, data: callData(5n, 1n) })

  it('is executed and on disk then, and sealed as if it were not', async () => {
    const chain = await open('a')
    const { hash, sealed } = await chain.pool.accept(signed(chain))
    expect(chain.store.head().header.number).toBe(0n)
    copyData(chain, 'a', 'b')
    await sealed
    expect(chain.store.receipt(hash)?.blockNumber).toBe(1n)
    const restarted = await open('b')
    expect(restarted.store.receipt(hash)?.blockNumber).toBe(1n)
    expect(look(restarted)).toEqual(look(chain))
    expect([rows(chain, 'chain_pool'), rows(restarted, 'chain_pool')]).toEqual([0, 0])
  })

  it('comes back after a kill only where its block does not', async () => {
    const chain = await open('a')
    for (let i = 0; i < 3; i++) await (await chain.pool.accept(signed(chain))).sealed
    const restarted = await killed(chain, 'a', 'b')
    expect(look(restarted)).toEqual(look(chain))
    expect(rows(restarted, 'chain_pool')).toBe(0)
  })

  it('is not answered where it is refused', async () => {
    const chain = await open('a')
    const raw = signed(chain)
    await (await chain.pool.accept(raw)).sealed
    await expect(chain.pool.accept(raw)).rejects.toThrow(/nonce too low/)
    await expect(chain.pool.accept(raw.subarray(1))).rejects.toThrow()
    expect(look(await killed(chain, 'a', 'b'))).toEqual(look(chain))
  })

  it('stays in the pool, and on disk, when its block fails', async () => {
    let isFailing = true
    const chain = await open('a', {
      faults(stage) {
        if (stage === 'answered' && isFailing) throw new Error('the block fails')
      },
    })
    const raw = signed(chain)
    const { hash, sealed } = await chain.pool.accept(raw)
    await sealed
    expect([chain.store.head().header.number, chain.pool.find(hash)?.hash, rows(chain, 'chain_pool')]).toEqual([0n, hash, 1])
    expect((await killed(chain, 'a', 'b')).store.receipt(hash)?.blockNumber).toBe(1n)
    isFailing = false
    await chain.sealing.mine()
    expect(chain.store.receipt(hash)?.blockNumber).toBe(1n)
    expect(rows(await killed(chain, 'a', 'c'), 'chain_pool')).toBe(0)
  })

  it('that has to wait for another one is answered when it is in the pool', async () => {
    const chain = await open('a')
    const { hash, sealed } = await chain.pool.accept(sign({ from: account(0), nonce: 1, to: token, data: callData(5n, 1n) }))
    await sealed
    expect([chain.store.head().header.number, chain.pool.queued().map((queued) => queued.hash)]).toEqual([0n, [hash]])
    expect((await killed(chain, 'a', 'b')).pool.queued().map((queued) => queued.hash)).toEqual([hash])
  })
})

describe('a rewind', () => {
  it('is not undone by a journal of before, which a kill may leave', async () => {
    const chain = await open('a')
    const snapshot = await chain.snapshot.take()
    await transfers(chain, 5)
    cpSync(join(scratch, 'a', 'blocks.journal'), join(scratch, 'before'))
    await revert(chain, snapshot)
    copyData(chain, 'a', 'b')
    cpSync(join(scratch, 'before'), join(scratch, 'b', 'blocks.journal'))
    expect((await open('b')).store.head().header.number).toBe(0n)
  })

  it('while the thread moves what is rewound leaves the new blocks only', async () => {
    const chain = await open('a')
    await transfers(chain, 2)
    const snapshot = await chain.snapshot.take()
    await transfers(chain, 200)
    const moving = chain.store.moveToTables()
    await revert(chain, snapshot)
    for (let i = 0; i < 5; i++) await transfer(chain, 2n)
    const before = look(chain)
    await moving
    await chain.store.moveToTables()
    expect(rows(chain, 'chain_blocks')).toBe(8)
    expect(look(chain)).toEqual(before)
    expect(look(await killed(chain, 'a', 'b'))).toEqual(before)
  })
})

describe('any sequence of blocks, moves, reads, rewinds and kills', () => {
  it('gives the chain that has no journal', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('transfers' as const), count: fc.integer({ min: 1, max: 40 }) }) },
      fc.record({ kind: fc.constantFrom('move' as const, 'moved' as const, 'count' as const, 'mine' as const, 'snapshot' as const) }),
      fc.record({ kind: fc.constantFrom('revert' as const, 'edit' as const, 'kill' as const) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        run++
        let kills = 0
        let chain = await open(`${run}`)
        const model = await startTestChain({ predeploys })
        let snapshots: { tried: unknown; modelled: unknown } | undefined
        const moves: Promise<void>[] = []
        for (const { kind, ...rest } of steps) {
          if (kind === 'transfers') for (const each of [chain, model]) await transfers(each, 'count' in rest ? rest.count : 0)
          else if (kind === 'move') moves.push(chain.store.moveToTables())
          else if (kind === 'moved') await chain.store.moveToTables()
          else if (kind === 'count') expect(chain.store.transactionCount(0n, 10_000n)).toBe(model.store.transactionCount(0n, 10_000n))
          else if (kind === 'mine') for (const each of [chain, model]) await each.sealing.mine()
          else if (kind === 'edit') for (const each of [chain, model]) await editBalance(each)
          else if (kind === 'snapshot') snapshots = { tried: await chain.snapshot.take(), modelled: await model.snapshot.take() }
          else if (kind === 'revert' && snapshots !== undefined) {
            await revert(chain, snapshots.tried)
            await revert(model, snapshots.modelled)
          } else if (kind === 'kill') {
            chain = await killed(chain, kills === 0 ? `${run}` : `${run}-${kills}`, `${run}-${++kills}`)
            snapshots = undefined
          }
        }
        expect(look(chain)).toEqual(look(model))
        await Promise.all(moves)
        await chain.store.moveToTables()
        expect(rows(chain, 'chain_blocks')).toBe(Number(chain.store.head().header.number) + 1)
        expect(look(chain)).toEqual(look(model))
      }),
      { numRuns: 12 },
    )
  })
})
