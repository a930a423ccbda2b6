import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Hex, hexToBytes, keccak256, keccak256Hex, type Log, type LogQuery } from '../../core/index.ts'
import { type DevnetDatabase, openDatabase, openMemoryDatabase } from '../../database/index.ts'
import { decodeBlock, decodeChanges, decodeHeader, decodeTouched, hashToKey, type StoredNode } from '../../stf/index.ts'
import { callData, initCode, tokenCode } from '../../stf/testing/contracts.ts'
import { createChain } from '../chain.ts'
import { account, ether, sign, silentLog, startTestChain, type TestChain, testChainId, testCoinbase } from '../testing/test-chain.ts'
import { adoptChain } from './found-chain.ts'
import { chainMigrations } from './migrations.ts'

const tokens: readonly Hex[] = ['0x00000000000000000000000000000000000c0de1', '0x00000000000000000000000000000000000c0de2']
const predeploys = tokens.map((address) => ({ address, code: tokenCode }))
const memory = (): DevnetDatabase => openMemoryDatabase({ migrations: [chainMigrations] })

/** Blocks of up to three transfers of two tokens among few accounts. */
async function busyChain(database: DevnetDatabase, blocks = 12): Promise<TestChain> {
  const chain = await startTestChain({ database, predeploys, sealing: { automine: false } })
  const nonces = [0, 0, 0]
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < block % 4; i++) {
      const sender = (block + i) % 3
      const to = tokens[(block * i) % 2]
      const data = callData(BigInt(((block + 2 * i) % 5) + 1), BigInt(block))
      await chain.pool.submit(sign({ from: account(sender), nonce: nonces[sender] ?? 0, to, data }))
      nonces[sender] = (nonces[sender] ?? 0) + 1
    }
    await chain.sealing.mine()
  }
  return chain
}

/** Everything that a reader can see of the chain. */
function everything({ store }: Pick<TestChain, 'store'>): unknown {
  const head = store.head().header.number
  const numbers = Array.from({ length: Number(head) + 1 }, (_, i) => BigInt(i))
  return numbers.map((number) => {
    const block = store.blockByNumber(number)
    const view = store.stateAt(number)
    return {
      block,
      again: block && store.blockByHash(block.hash)?.hash,
      receipts: store.receipts(number),
      transactions: block?.transactions.map(({ hash }) => [store.transaction(hash), store.receipt(hash)]),
      accounts: [0, 1, 2].map((i) => view.account(account(i).address)),
      slots: [1n, 2n, 3n].map((slot) => view.proof(tokens[0] ?? '0x', [slot])),
      record: store.record(number),
    }
  })
}

let dataDir: string | undefined
afterEach(() => {
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true })
  dataDir = undefined
})

describe('reads', () => {
  it('are the same from memory and from a file that was closed and opened again', async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-chain-'))
    const open = () => openDatabase({ dataDir: dataDir ?? '', migrations: [chainMigrations] })
    const database = open()
    const chain = await busyChain(database)
    const before = everything(chain)
    expect(chain.blocks.map(({ block }) => block)).toEqual(chain.blocks.map(({ block }) => chain.store.blockByNumber(block.header.number)))
    expect(chain.blocks.map(({ receipts }) => receipts)).toEqual(chain.blocks.map(({ block }) => chain.store.receipts(block.header.number)))
    await chain.stop()
    database.close()
    const reopened = open()
    try {
      expect(everything(await startTestChain({ database: reopened, predeploys, sealing: { automine: false } }))).toEqual(before)
    } finally {
      reopened.close()
    }
  })

  it('find code that was deployed a moment ago', async () => {
    const chain = await startTestChain({ database: memory() })
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: undefined, data: initCode(tokenCode), gasLimit: 300_000n }))
    const address = chain.store.receipt(hash)?.contractAddress ?? '0x'
    const { codeHash } = chain.store.stateAt(1n).account(address)
    expect(chain.store.code(hexToBytes(codeHash))).toEqual(hexToBytes(tokenCode))
  })

  it('give blocks, changes and touched state in forms that decode and belong together', async () => {
    const chain = await busyChain(memory())
    for (const record of chain.store.records(0n, 100n)) {
      expect(decodeBlock(record.rlp).header).toEqual(record.block.header)
      expect(record.rlp.length).toBe(record.block.size)
      expect(keccak256Hex(record.header)).toBe(record.block.hash)
      expect(decodeHeader(record.header)).toEqual(record.block.header)
      const changed = decodeChanges(record.changes).map(({ address }) => address)
      const touched = decodeTouched(record.touched).map(({ address }) => address)
      expect(touched).toEqual(expect.arrayContaining(changed))
    }
    expect([...chain.store.records(3n, 5n)].map(({ block }) => block.header.number)).toEqual([3n, 4n, 5n])
  })

  it('know nothing of what is not there', async () => {
    const { store } = await busyChain(memory(), 2)
    const none: Hex = `0x${'77'.repeat(32)}`
    expect([
      store.blockByNumber(3n),
      store.blockByNumber(-1n),
      store.blockByHash(none),
      store.transaction(none),
      store.receipt(none),
    ]).toEqual(Array(5).fill(undefined))
    expect([store.receipts(99n), store.record(99n), store.node(new Uint8Array(32)), store.code(new Uint8Array(32))]).toEqual([
      [],
      undefined,
      undefined,
      undefined,
    ])
    expect(() => store.stateAt(3n)).toThrow(expect.objectContaining({ code: 'STATE_UNAVAILABLE' }))
  })
})

describe('logs', () => {
  it('are those that a look at every receipt finds, for any filter', async () => {
    const { store } = await busyChain(memory(), 20)
    const all = Array.from({ length: 21 }, (_, i) => store.receipts(BigInt(i))).flatMap((receipts) => receipts.flatMap(({ logs }) => logs))
    expect(all.length).toBeGreaterThan(20)
    const topics = [0, 1, 2].map((position) => [...new Set(all.flatMap(({ topics }) => topics[position] ?? []))])
    const filterAt = (position: number) =>
      fc.oneof(fc.constant(null), fc.subarray([...(topics[position] ?? []), `0x${'99'.repeat(32)}` as const]))
    const query = fc.record({
      fromBlock: fc.bigInt(0n, 22n),
      toBlock: fc.oneof(fc.bigInt(0n, 22n), fc.constant(2n ** 64n - 1n)),
      addresses: fc.subarray([...tokens, account(0).address]),
      topics: fc.oneof(
        fc.constant([]),
        fc.tuple(filterAt(0)),
        fc.tuple(filterAt(0), filterAt(1)),
        fc.tuple(filterAt(0), filterAt(1), filterAt(2)),
        fc.tuple(filterAt(0), filterAt(1), filterAt(2), fc.constant(null)),
      ),
    })
    const matches = (log: Log, { fromBlock, toBlock, addresses, topics }: Omit<LogQuery, 'limit'>): boolean =>
      log.blockNumber >= fromBlock &&
      log.blockNumber <= toBlock &&
      (addresses.length === 0 || addresses.includes(log.address)) &&
      topics.length <= log.topics.length &&
      topics.every((options, i) => options === null || options.length === 0 || options.includes(log.topics[i] ?? '0x'))
    fc.assert(
      fc.property(query, (filter) => {
        expect(store.logs({ ...filter, limit: 1000 })).toEqual(all.filter((log) => matches(log, filter)))
      }),
      { numRuns: 300 },
    )
    expect(() => store.logs({ fromBlock: 0n, toBlock: 20n, addresses: [], topics: [], limit: all.length - 1 })).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_LOGS' }),
    )
    expect(store.logs({ fromBlock: 0n, toBlock: 20n, addresses: [], topics: [null, null, null, null, null], limit: 9 })).toEqual([])
  })
})

describe('trie nodes', () => {
  it('are found before and after they are indexed, and after a rewind over the index', async () => {
    const database = memory()
    const chain = await startTestChain({ database, predeploys })
    let nonce = 0
    const transfer = async (): Promise<void> => {
      await chain.pool.submit(sign({ from: account(0), nonce, to: tokens[0], data: callData(BigInt(nonce) * 31n + 5n, 1n) }))
      nonce++
    }
    const indexed = database.sqlite.prepare<[], number>('SELECT count(*) FROM chain_node_index').pluck()
    const take = await chain.snapshot.take()
    while (indexed.get() === 0) await transfer()
    for (let i = 0; i < 5; i++) await transfer()
    const sample = async (): Promise<unknown> => everything(chain)
    const before = await sample()
    const reopened = await startTestChain({ database, predeploys })
    expect(everything(reopened)).toEqual(before)
    const release = await chain.snapshot.pause()
    database.transaction(() => chain.snapshot.revertStored?.(take))
    await chain.snapshot.revert?.(take)
    release()
    // What genesis brought.
    expect(indexed.get()).toBe(database.sqlite.prepare('SELECT count(*) FROM chain_nodes').pluck().get())
    expect(chain.store.head().header.number).toBe(0n)
    nonce = 0
    for (let i = 0; i < 30; i++) await transfer()
    expect(chain.store.stateAt(30n).account(account(0).address).nonce).toBe(30n)
    expect((await sample()) as unknown[]).toEqual((before as unknown[]).slice(0, 31))
  })
})

describe('founding', () => {
  it('refuses the database of another chain', async () => {
    const database = memory()
    await (await startTestChain({ database })).stop()
    await expect(startTestChain({ database, chainId: 1n })).rejects.toMatchObject({
      code: 'CHAIN_MISMATCH',
      exitCode: 6,
      message: expect.stringContaining('chain id 313372, not 1'),
    })
    await expect(startTestChain({ database, accounts: [] })).rejects.toMatchObject({ code: 'CHAIN_MISMATCH' })
  })

  it('notices that the state of the head is gone', async () => {
    const database = memory()
    await (await startTestChain({ database })).stop()
    database.sqlite.exec('DELETE FROM chain_nodes')
    await expect(startTestChain({ database })).rejects.toMatchObject({ code: 'HEAD_STATE_UNREADABLE', exitCode: 6 })
  })

  it('goes on from a state that was rebuilt, where history starts', async () => {
    const original = await busyChain(memory(), 6)
    await original.sealing.setAutomine(true)
    const record = original.store.record(6n)
    if (record === undefined) throw new TypeError('no record')
    const nodes: StoredNode[] = original.database.sqlite
      .prepare<[], { rlp: Uint8Array }>('SELECT rlp FROM chain_nodes')
      .all()
      .map(({ rlp }) => ({ key: hashToKey(keccak256(rlp)), rlp }))
    const codes = original.database.sqlite.prepare<[], { hash: Uint8Array; code: Uint8Array }>('SELECT hash, code FROM chain_codes').all()
    const genesis = {
      chainId: testChainId,
      timestamp: 0n,
      accounts: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({ address: account(i).address, balance: 1000n * ether })),
      predeploys,
    }
    const database = memory()
    adoptChain(database, genesis, { header: record.header, inboxCount: 0n, nodes, codes, changes: [] })
    expect(() => adoptChain(database, genesis, { header: record.header, inboxCount: 0n, nodes, codes, changes: [] })).toThrow(
      expect.objectContaining({ code: 'CHAIN_MISMATCH' }),
    )
    const chain = await createChain(
      { genesis, sealing: { coinbase: testCoinbase, intervalMs: 0, automine: true } },
      {
        ...{ database, feed: original.feed, clock: original.clock, events: original.events },
        ...{ log: silentLog, faults: () => undefined, finality: { safe: () => 6n, finalized: () => 6n } },
        ...{ gate: { sealingStop: () => null }, allowsDevBatches: () => true },
      },
    )
    await chain.start(new AbortController().signal)
    expect([chain.store.historyStart(), chain.store.head().hash]).toEqual([6n, record.block.hash])
    expect(() => chain.store.stateAt(5n)).toThrow(expect.objectContaining({ code: 'STATE_UNAVAILABLE' }))
    const raw = sign({ from: account(4), nonce: 0, to: account(5).address, value: ether })
    await chain.pool.submit(raw)
    await original.pool.submit(raw)
    expect(chain.store.head()).toEqual(original.store.head())
  })
})
