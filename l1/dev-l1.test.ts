import { concat, getContractAddress, pad } from 'viem'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hex } from '../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../database/index.ts'
import type { L1Snapshot } from './dev-l1.ts'
import { type DevL1, devAccounts, l1Migrations, type StartL1Options, startL1 } from './index.ts'
import {
  addresses,
  blockNumber,
  clockAt,
  contractOf,
  create2InitCode,
  factoryInitCode,
  keys,
  observe,
  oracleInitCode,
  paidStoreInitCode,
  send,
  silentLog,
  storeCall,
  storeInitCode,
} from './testing/chain.ts'

const alice = addresses[0] ?? '0x'
const bob = addresses[1] ?? '0x'
const startMs = 1_800_000_000_000

let database: DevnetDatabase
let clock: ReturnType<typeof clockAt>
let l1: DevL1
const running: DevL1[] = []

async function start(options: StartL1Options = {}): Promise<DevL1> {
  const started = await startL1(options, { database, clock, log: silentLog })
  running.push(started)
  return started
}

/** What remains after a kill: the database. */
async function restartAfterKill(options?: StartL1Options): Promise<void> {
  l1 = await start(options)
}

async function latestTimestamp(): Promise<number> {
  const block = (await l1.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })) as { timestamp: Hex }
  return Number(block.timestamp)
}

const slotsOfStore = ['0x0', '0x1', '0x2', '0x3', '0x5', '0x6', '0x9']

beforeEach(async () => {
  database = openMemoryDatabase({ migrations: [l1Migrations] })
  clock = clockAt(startMs)
  l1 = await start()
})

afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.close()
  database.close()
})

describe('the genesis', () => {
  it('funds the ten accounts of the well-known mnemonic', async () => {
    const derived = Array.from({ length: 10 }, (_, addressIndex) =>
      mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }).address.toLowerCase(),
    )
    expect(addresses).toEqual(derived)
    expect(await l1.request({ method: 'eth_accounts' })).toEqual(derived)
    for (const address of derived) {
      expect(await l1.request({ method: 'eth_getBalance', params: [address, 'latest'] })).toBe('0x21e19e0c9bab2400000')
    }
    expect(await l1.request({ method: 'eth_chainId' })).toBe('0x7a69')
    expect(await latestTimestamp()).toBe(startMs / 1000)
  })

  it('funds service accounts without signing for them', async () => {
    const service = { privateKey: `0x${'5'.repeat(64)}` as const, balanceWei: 5n }
    database = openMemoryDatabase({ migrations: [l1Migrations] })
    l1 = await start({ serviceAccounts: [service], accounts: devAccounts.slice(0, 1) })
    expect(await l1.request({ method: 'eth_accounts' })).toEqual([alice])
    expect(await l1.request({ method: 'eth_getBalance', params: [privateKeyToAddress(service.privateKey), 'latest'] })).toBe('0x5')
  })

  it('refuses to be continued under another chain id', async () => {
    await expect(start({ chainId: 1 })).rejects.toMatchObject({ code: 'L1_CHAIN_ID', exitCode: 6 })
  })
})

describe('a restart', () => {
  it('gives the same blocks, receipts, logs and state', async () => {
    await send(l1, { data: storeInitCode })
    const store = contractOf(alice, 0n)
    await send(l1, { to: store, data: storeCall(1n, 11n) })
    await send(l1, { to: bob, value: 5n, from: 2 })
    await send(l1, { to: store, data: storeCall(1n, 0n) })
    const contracts = new Map([[store, slotsOfStore]])
    const before = await observe(l1, contracts)
    clock.ms += 3_600_000
    await restartAfterKill()
    expect(await observe(l1, contracts)).toEqual(before)
    await send(l1, { to: store, data: storeCall(2n, 2n) })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 3600)
  })

  it('keeps transactions that wait while automine is off, and the setting', async () => {
    await l1.request({ method: 'evm_setAutomine', params: [false] })
    const hash = await send(l1, { to: bob, value: 1n })
    await restartAfterKill()
    expect(await l1.request({ method: 'eth_pendingTransactions' })).toMatchObject([{ hash }])
    await l1.request({ method: 'evm_mine' })
    expect(await l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })).toMatchObject({ status: '0x1', blockNumber: '0x1' })
    await send(l1, { to: bob, value: 1n })
    expect(await blockNumber(l1)).toBe(1)
  })

  it('keeps cheats, impersonation and time', async () => {
    const stranger = '0x00000000000000000000000000000000000057a9'
    await l1.request({ method: 'hardhat_setBalance', params: [stranger, '0xde0b6b3a7640000'] })
    await l1.request({ method: 'hardhat_impersonateAccount', params: [stranger] })
    await l1.request({ method: 'eth_sendTransaction', params: [{ from: stranger, to: bob, value: '0x7' }] })
    await l1.request({ method: 'evm_increaseTime', params: [1000] })
    await l1.request({ method: 'evm_mine' })
    const before = await observe(l1, new Map())
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(before)
    await l1.request({ method: 'eth_sendTransaction', params: [{ from: stranger, to: bob, value: '0x7' }] })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 1001)
  })
})

describe('time', () => {
  it('of the next block is what was asked for, and goes on from there', async () => {
    await l1.request({ method: 'evm_setNextBlockTimestamp', params: [startMs / 1000 + 500] })
    await restartAfterKill()
    await send(l1, { to: bob })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 500)
    clock.ms += 20_000
    await l1.request({ method: 'evm_mine' })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 520)
  })

  it('never stands still and catches up with the clock', async () => {
    for (let count = 0; count < 3; count++) await l1.request({ method: 'evm_mine' })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 3)
    clock.ms += 60_000
    await l1.request({ method: 'evm_mine' })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 60)
  })

  it('can be named for a block', async () => {
    await l1.request({ method: 'evm_mine', params: [startMs / 1000 + 300] })
    await restartAfterKill()
    await l1.request({ method: 'evm_mine' })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 301)
  })

  it('that calls on the pending block see is the moved one, also after a restart and a checkpoint', async () => {
    const moved = startMs / 1000 + 5_000
    const timeInCall = async () => Number(await l1.request({ method: 'eth_call', params: [{ data: '0x4260005260206000f3' }, 'pending'] }))
    await l1.request({ method: 'evm_increaseTime', params: [5_000] })
    await restartAfterKill()
    expect(await timeInCall()).toBeGreaterThanOrEqual(moved)
    await send(l1, { to: bob })
    await l1.checkpoint()
    expect(await timeInCall()).toBeGreaterThanOrEqual(moved)
    expect(await timeInCall()).toBeLessThan(moved + 60)
  })

  it('does not go backwards', async () => {
    await expect(l1.request({ method: 'evm_increaseTime', params: [-5] })).rejects.toMatchObject({ code: -32602 })
    await expect(l1.request({ method: 'evm_setNextBlockTimestamp', params: [1] })).rejects.toMatchObject({ code: expect.any(Number) })
  })

  it('runs on with many blocks mined at once', async () => {
    await l1.request({ method: 'hardhat_mine', params: ['0x64', '0x3c'] })
    expect(await blockNumber(l1)).toBe(100)
    const last = await latestTimestamp()
    await l1.request({ method: 'evm_mine' })
    expect(await latestTimestamp()).toBe(last + 1)
  })
})

describe('snapshots', () => {
  it('bring back state and time, once, and the reverted part stays away after a restart', async () => {
    await send(l1, { to: bob, value: 1n })
    const before = await observe(l1, new Map())
    const snapshot = await l1.take()
    await l1.request({ method: 'evm_increaseTime', params: [9_999] })
    await send(l1, { to: bob, value: 2n })
    await l1.revert(snapshot, () => undefined)
    expect(await observe(l1, new Map())).toEqual(before)
    await expect(l1.revert(snapshot, () => undefined)).rejects.toMatchObject({ code: 'L1_SNAPSHOT' })
    await send(l1, { to: bob, value: 3n })
    expect(await latestTimestamp()).toBe(startMs / 1000 + 2)
    const after = await observe(l1, new Map())
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(after)
  })

  it('take what else is to be reverted along in one transaction, or nothing', async () => {
    database.sqlite.exec('CREATE TABLE other (x)')
    const snapshot = await l1.take()
    await send(l1, { to: bob, value: 2n })
    await l1.revert(snapshot, () => database.sqlite.exec('INSERT INTO other VALUES (1)'))
    expect(database.sqlite.prepare('SELECT count(*) AS n FROM other').get()).toEqual({ n: 1 })

    const again = await l1.take()
    await send(l1, { to: bob, value: 3n })
    const before = await observe(l1, new Map())
    const failing = () => {
      database.sqlite.exec('INSERT INTO other VALUES (2)')
      throw new Error('the rest cannot be reverted')
    }
    await expect(l1.revert(again, failing)).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    expect(database.sqlite.prepare('SELECT count(*) AS n FROM other').get()).toEqual({ n: 1 })
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(before)
  })

  it('leave automine as it is', async () => {
    const snapshot = await l1.take()
    await l1.request({ method: 'evm_setAutomine', params: [false] })
    await l1.revert(snapshot, () => undefined)
    await restartAfterKill()
    await send(l1, { to: bob })
    expect(await blockNumber(l1)).toBe(0)
  })

  it('make a checkpoint wait', async () => {
    await send(l1, { to: bob })
    const snapshot = await l1.take()
    await send(l1, { to: bob })
    expect(await l1.checkpoint()).toBe(false)
    await l1.revert(snapshot, () => undefined)
    expect(await l1.checkpoint()).toBe(true)
  })
})

describe('a snapshot until the next checkpoint', () => {
  it('can be reverted to before, and lets the checkpoint come', async () => {
    l1 = await start()
    const first = await l1.takeUntilCheckpoint()
    await l1.request({ method: 'evm_mine' })
    await l1.revert(first, () => undefined)
    expect(await l1.request({ method: 'eth_blockNumber' })).toBe('0x0')
    const second = await l1.takeUntilCheckpoint()
    await l1.request({ method: 'evm_mine' })
    expect(await l1.checkpoint()).toBe(true)
    await expect(l1.revert(second, () => undefined)).rejects.toMatchObject({ code: 'L1_SNAPSHOT' })
  })
})

describe('a checkpoint', () => {
  it('changes nothing that a client sees, now or after a restart, and empties the journal', async () => {
    await send(l1, { data: storeInitCode })
    await send(l1, { data: factoryInitCode })
    await send(l1, { data: oracleInitCode })
    const [store, factory, oracle] = [contractOf(alice, 0n), contractOf(alice, 1n), contractOf(alice, 2n)]
    await send(l1, { to: factory, data: storeInitCode })
    const child = contractOf(factory, 1n)
    await send(l1, { to: store, data: storeCall(1n, 11n) })
    await send(l1, { to: child, data: storeCall(5n, 0n) })
    await send(l1, { to: oracle })
    await l1.request({ method: 'hardhat_setStorageAt', params: [store, '0x9', `0x${'9'.padStart(64, '0')}`] })
    const oracleSlots = [7, 9, 12].flatMap((number) => [`0x${number.toString(16)}`, `0x${(2n ** 256n - 1n - BigInt(number)).toString(16)}`])
    const contracts = new Map<Hex, readonly string[]>([
      [store, slotsOfStore],
      [child, slotsOfStore],
      [factory, []],
      [oracle, oracleSlots],
    ])
    const before = await observe(l1, contracts)
    expect(await l1.checkpoint()).toBe(true)
    expect(await observe(l1, contracts)).toEqual(before)
    expect(database.sqlite.prepare('SELECT count(*) FROM l1_journal').pluck().get()).toBe(0)
    await restartAfterKill()
    expect(await observe(l1, contracts)).toEqual(before)

    await send(l1, { to: child, data: storeCall(6n, 0n) })
    await send(l1, { to: oracle })
    await send(l1, { to: store, data: storeCall(1n, 0n) })
    await send(l1, { from: 3, to: bob, value: 1n })
    await send(l1, { to: oracle })
    const later = await observe(l1, contracts)
    await restartAfterKill()
    expect(await observe(l1, contracts)).toEqual(later)
    expect(await l1.checkpoint()).toBe(true)
    await restartAfterKill()
    expect(await observe(l1, contracts)).toEqual(later)
  })

  it.each([
    ['read', 1n],
    ['wrote with what was there', 2n],
    ['wrote and wrote back', 3n],
  ])('keeps a slot that the constructor %s and a later transaction changed', async (_case, key) => {
    await send(l1, { data: storeInitCode })
    const store = contractOf(alice, 0n)
    await send(l1, { to: store, data: storeCall(key, 11n) })
    await l1.checkpoint()
    expect(Number(await l1.request({ method: 'eth_getStorageAt', params: [store, `0x${key}`, 'latest'] }))).toBe(11)
  })

  it('keeps a slot that a constructor read that failed, at the address where another succeeded later', async () => {
    await send(l1, { data: create2InitCode })
    const factory = contractOf(alice, 0n)
    const store = getContractAddress({ opcode: 'CREATE2', from: factory, salt: `0x${'0'.repeat(64)}`, bytecode: paidStoreInitCode })
    const creation = concat([paidStoreInitCode, pad(store)])
    await send(l1, { to: factory, data: creation })
    expect(await l1.request({ method: 'eth_getCode', params: [store, 'latest'] })).toBe('0x')
    await send(l1, { to: factory, data: creation, value: 1n })
    await send(l1, { to: store, data: storeCall(1n, 11n) })
    await l1.checkpoint()
    expect(Number(await l1.request({ method: 'eth_getStorageAt', params: [store, '0x1', 'latest'] }))).toBe(11)
  })

  it.each([
    ['a revert', async (snapshot: L1Snapshot) => l1.revert(snapshot, () => undefined)],
    ['a reset', async () => l1.request({ method: 'hardhat_reset' })],
  ])('is given up when %s comes in between, and made at the next occasion', async (_case, goBack) => {
    let between = async () => {}
    let came: Promise<void> | undefined
    const onCheckpointStep = () => {
      came ??= between()
    }
    l1 = await startL1({}, { database, clock, log: silentLog, onCheckpointStep })
    running.push(l1)
    const store = contractOf(alice, 0n)
    const snapshot = await l1.takeUntilCheckpoint()
    await send(l1, { data: storeInitCode })
    await send(l1, { to: store, data: storeCall(1n, 1n) })
    // All of it enters the queue before the checkpoint does.
    between = async () => {
      await Promise.all([goBack(snapshot), ...[1, 2, 3].map(() => l1.request({ method: 'evm_mine' }))])
    }
    expect(await l1.checkpoint()).toBe(false)
    await came
    await send(l1, { to: bob })
    const before = await observe(l1, new Map([[store, slotsOfStore]]))
    expect(before).toMatchObject({ head: 4, logs: [] })
    expect(await l1.checkpoint()).toBe(true)
    expect(await observe(l1, new Map([[store, slotsOfStore]]))).toEqual(before)
    await restartAfterKill()
    expect(await observe(l1, new Map([[store, slotsOfStore]]))).toEqual(before)
  })

  it('keeps the base fee going', async () => {
    for (let count = 0; count < 5; count++) await send(l1, { to: bob })
    const fees = async () =>
      ((await l1.request({ method: 'eth_getBlockByNumber', params: ['pending', false] })) as { baseFeePerGas: Hex }).baseFeePerGas
    const before = await fees()
    await l1.checkpoint()
    expect(await fees()).toBe(before)
  })

  it('waits for pending transactions and for what is set for the next block', async () => {
    await send(l1, { to: bob })
    await l1.request({ method: 'hardhat_setNextBlockBaseFeePerGas', params: ['0x3b9aca00'] })
    expect(await l1.checkpoint()).toBe(false)
    await l1.request({ method: 'evm_setAutomine', params: [false] })
    await send(l1, { to: bob })
    expect(await l1.checkpoint()).toBe(false)
    await l1.request({ method: 'evm_mine' })
    expect(await l1.checkpoint()).toBe(true)
    await restartAfterKill()
    await send(l1, { to: bob })
    expect(await blockNumber(l1)).toBe(2)
  })

  it.each([
    ['the journal is long', { maxEntries: 20 }],
    ['much state was touched', { maxTouched: 20 }],
  ])('is taken by itself when %s', async (_reason, checkpoints) => {
    await l1.close()
    l1 = await start({ checkpoints })
    for (let count = 0; count < 30; count++) await send(l1, { to: `0x${(0xbeef00 + count).toString(16).padStart(40, '0')}` })
    await l1.checkpoint()
    expect(database.sqlite.prepare('SELECT count(*) FROM l1_journal').pluck().get()).toBeLessThan(30)
    const before = await observe(l1, new Map())
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(before)
  })

  it('is taken at a graceful end', async () => {
    await l1.close()
    l1 = await start({ checkpoints: { entriesAtClose: 3 } })
    for (let count = 0; count < 3; count++) await send(l1, { to: bob })
    await l1.take()
    const before = await observe(l1, new Map())
    await l1.close()
    expect(database.sqlite.prepare('SELECT max(block) FROM l1_checkpoints').pluck().get()).toBe(3)
    await expect(send(l1, { to: bob })).rejects.toMatchObject({ message: 'the L1 is closed' })
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(before)
  })

  it('leaves a long jump in the journal', async () => {
    await l1.close()
    l1 = await start({ checkpoints: { maxBlocks: 50 } })
    await l1.request({ method: 'hardhat_mine', params: ['0x33'] })
    expect(await l1.checkpoint()).toBe(false)
  })

  it('says so when state from before it is asked for', async () => {
    await send(l1, { to: bob })
    const hash = await send(l1, { to: bob })
    await l1.checkpoint()
    await expect(l1.request({ method: 'eth_getBalance', params: [bob, '0x1'] })).rejects.toThrow('keeps no state of block 1')
    await expect(l1.request({ method: 'debug_traceTransaction', params: [hash] })).rejects.toThrow('keeps no state of block 1')
    expect(await l1.request({ method: 'eth_getBalance', params: [bob, '0x2'] })).toBe('0x21e19e0c9bab2400000')
  })
})

describe('requests', () => {
  it('that revert carry code 3 and the returned bytes', async () => {
    const call = { data: '0x600160005260206000fd' }
    const error = { code: 3, data: `0x${'1'.padStart(64, '0')}` }
    await expect(l1.request({ method: 'eth_call', params: [call, 'latest'] })).rejects.toMatchObject(error)
    await expect(l1.request({ method: 'eth_estimateGas', params: [call] })).rejects.toMatchObject(error)
  })

  it.each([
    ['an unknown method', 'eth_foo', [], -32601],
    ['an invalid address', 'eth_getBalance', ['zz'], -32602],
    ['a transaction that is none', 'eth_sendRawTransaction', ['0x00'], -32602],
    ['an interval that is none', 'evm_setIntervalMining', [-1], -32602],
    ['an unknown filter', 'eth_getFilterChanges', ['0x99'], -32000],
    ['a fork', 'hardhat_reset', [{ forking: { jsonRpcUrl: 'http://127.0.0.1:1' } }], -32602],
  ])('with %s are refused and leave no trace', async (_case, method, params, code) => {
    await expect(l1.request({ method, params })).rejects.toMatchObject({ code })
    expect(database.sqlite.prepare('SELECT count(*) FROM l1_journal').pluck().get()).toBe(0)
  })

  it('of a reverting transaction give its hash, and a receipt that says so', async () => {
    const hash = await send(l1, { data: '0x600160005260206000fd' })
    expect(await l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })).toMatchObject({ status: '0x0' })
  })

  it('to send from an unlocked account are signed here', async () => {
    const hash = await l1.request({ method: 'eth_sendTransaction', params: [{ from: alice, to: bob, value: '0x1' }] })
    expect(await l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })).toMatchObject({ status: '0x1', gasUsed: '0x5208' })
    expect(database.sqlite.prepare('SELECT method FROM l1_journal').pluck().all()).toEqual(['eth_sendRawTransaction'])
  })

  it('sent all at once are executed one by one', async () => {
    const hashes = await Promise.all(keys.map((_, from) => send(l1, { from, to: bob })))
    expect(new Set(hashes).size).toBe(10)
    expect(await blockNumber(l1)).toBe(10)
    const before = await observe(l1, new Map())
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(before)
  })

  it('to reset begin at the genesis again', async () => {
    const genesis = await observe(l1, new Map())
    await send(l1, { to: bob, value: 1n })
    await l1.checkpoint()
    await send(l1, { to: bob, value: 1n })
    await l1.request({ method: 'hardhat_reset' })
    expect(await observe(l1, new Map())).toEqual(genesis)
    await restartAfterKill()
    expect(await observe(l1, new Map())).toEqual(genesis)
  })

  it('are refused once the journal cannot be written', async () => {
    await send(l1, { to: bob })
    database.sqlite.pragma('query_only = ON')
    await expect(send(l1, { to: bob })).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    database.sqlite.pragma('query_only = OFF')
    await expect(send(l1, { to: bob })).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    await restartAfterKill()
    expect(await blockNumber(l1)).toBe(1)
  })

  it('that the journal does not hold are shown to nobody', async () => {
    await l1.request({ method: 'eth_subscribe', params: ['newHeads'] })
    const heads: unknown[] = []
    l1.onMessage(({ data }) => heads.push(data))
    const filter = await l1.request({ method: 'eth_newBlockFilter' })
    database.sqlite.pragma('query_only = ON')
    await expect(send(l1, { to: bob })).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    database.sqlite.pragma('query_only = OFF')
    await expect(blockNumber(l1)).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    await expect(l1.request({ method: 'eth_getFilterChanges', params: [filter] })).rejects.toMatchObject({ code: 'L1_JOURNAL' })
    expect(heads).toEqual([])
    await restartAfterKill()
    expect(await blockNumber(l1)).toBe(0)
  })
})

describe('subscriptions and filters', () => {
  it('go on over a checkpoint without losing or repeating anything', async () => {
    await send(l1, { data: storeInitCode })
    const store = contractOf(alice, 0n)
    await send(l1, { to: store, data: storeCall(1n, 1n) })
    const heads: unknown[] = []
    let seen = () => {}
    l1.onMessage(({ data }) => {
      heads.push([data.subscription, (data.result as { number: Hex }).number])
      seen()
    })
    const id = await l1.request({ method: 'eth_subscribe', params: ['newHeads'] })
    const filter = await l1.request({ method: 'eth_newFilter', params: [{ fromBlock: '0x0', address: store }] })
    expect(await l1.request({ method: 'eth_getFilterChanges', params: [filter] })).toHaveLength(1)
    await send(l1, { to: store, data: storeCall(1n, 2n) })
    await l1.checkpoint()
    const third = new Promise<void>((resolve) => {
      seen = () => {
        if (heads.length === 2) resolve()
      }
    })
    await send(l1, { to: store, data: storeCall(1n, 3n) })
    await third
    expect(heads).toEqual([
      [id, '0x3'],
      [id, '0x4'],
    ])
    expect(await l1.request({ method: 'eth_getFilterChanges', params: [filter] })).toMatchObject([
      { blockNumber: '0x3' },
      { blockNumber: '0x4' },
    ])
    expect(await l1.request({ method: 'eth_getFilterChanges', params: [filter] })).toEqual([])
    expect(await l1.request({ method: 'eth_unsubscribe', params: [id] })).toBe(true)
    expect(await l1.request({ method: 'eth_unsubscribe', params: [id] })).toBe(false)
  })

  it('see the blocks of interval mining', async () => {
    const head = new Promise((resolve) => l1.onMessage(({ data }) => resolve((data.result as { number: Hex }).number)))
    await l1.request({ method: 'eth_subscribe', params: ['newHeads'] })
    await l1.request({ method: 'evm_setIntervalMining', params: [5] })
    expect(await head).toBe('0x1')
    await l1.request({ method: 'evm_setIntervalMining', params: [0] })
  })
})
