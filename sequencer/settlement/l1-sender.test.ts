import fc from 'fast-check'
import { parseTransaction } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Eip1193Provider, Hex } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { L1Client } from './l1-client.ts'
import { L1Sender } from './l1-sender.ts'
import { settlementMigrations } from './migrations.ts'
import { settlementErrors } from './rollup-contract.ts'
import { type Disturbance, FlakyProvider } from './testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './testing/in-process-l1.ts'
import { silentLog } from './testing/silent-log.ts'
import { VirtualTimers } from './testing/virtual-timers.ts'

const account = testKeys.sequencer
const signal = new AbortController().signal
const to: Hex = '0x00000000000000000000000000000000000000aa'
const request = { action: 'a test', to, data: '0x1234' } as const

let l1: InProcessL1
let flaky: FlakyProvider
let database: DevnetDatabase
let snapshot: unknown

beforeAll(async () => {
  l1 = await startInProcessL1()
})
afterAll(() => l1.close())
beforeEach(async () => {
  if (snapshot !== undefined) await l1.provider.request({ method: 'evm_revert', params: [snapshot] })
  snapshot = await l1.provider.request({ method: 'evm_snapshot' })
  await l1.provider.request({ method: 'evm_setAutomine', params: [true] })
  flaky = new FlakyProvider(l1.provider)
  database = openMemoryDatabase({ migrations: [settlementMigrations] })
  return () => database.close()
})

const newSender = (provider: Eip1193Provider = flaky, timers = new VirtualTimers(), feeCap = 10n ** 12n): L1Sender =>
  new L1Sender(
    { chainId: 31_337n, pollMs: 100, bumpAfterMs: 1_000, feeCap },
    { l1: new L1Client(provider), database, account, errors: settlementErrors, timers, log: silentLog },
  )

const minedCount = () => new L1Client(l1.provider).nonce(account.address, 'latest')
const mine = () => l1.provider.request({ method: 'evm_mine' })

describe('L1Sender', () => {
  it('sends, waits for the receipt and leaves nothing in flight', async () => {
    const sender = newSender()
    const before = await minedCount()
    let sent = 0
    const receipt = await sender.send(request, { signal, onSent: () => sent++ })
    expect(receipt.status).toBe(1n)
    expect(sent).toBe(1)
    expect(sender.inFlight()).toBeUndefined()
    expect(await minedCount()).toBe(before + 1)
  })

  it('gives requests that come at once one nonce each, in order', async () => {
    const sender = newSender()
    const receipts = await Promise.all([1, 2, 3].map((n) => sender.send({ ...request, action: `${n}` }, { signal })))
    expect(receipts.map(({ blockNumber }) => blockNumber - (receipts[0]?.blockNumber ?? 0n))).toEqual([0n, 1n, 2n])
  })

  it('stores what it signed before the L1 sees it, and sends the same bytes after a crash', async () => {
    const before = await minedCount()
    flaky.disturb = (method) => {
      if (method !== 'eth_sendRawTransaction') return 'none'
      expect(newSender().inFlight()).toBeDefined()
      return 'lost'
    }
    await expect(newSender().send(request, { signal })).rejects.toMatchObject({ code: 'L1_UNREACHABLE' })
    flaky.disturb = () => 'none'
    await newSender().resume(signal)
    expect(new Set(flaky.sent).size).toBe(1)
    expect(flaky.sent).toHaveLength(2)
    expect(await minedCount()).toBe(before + 1)
  })

  it('does not send anew what was mined while its answer was lost', async () => {
    const before = await minedCount()
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'answer lost' : 'none')
    await expect(newSender().send(request, { signal })).rejects.toMatchObject({ code: 'L1_UNREACHABLE' })
    flaky.disturb = () => 'none'
    const sender = newSender()
    await sender.resume(signal)
    expect(sender.inFlight()).toBeUndefined()
    expect(await minedCount()).toBe(before + 1)
  })

  it('takes "already known" for a success', async () => {
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'twice' : 'none')
    expect((await newSender().send(request, { signal })).status).toBe(1n)
  })

  it('sends a transaction that the pool dropped again, with at least 12.5 % more on both fees and the same nonce', async () => {
    const before = await minedCount()
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' && flaky.sent.length < 3 ? 'swallowed' : 'none')
    await newSender().send(request, { signal })
    const fields = flaky.sent.map((raw) => parseTransaction(raw as Hex))
    expect(fields).toHaveLength(3)
    for (const [index, next] of fields.slice(1).entries()) {
      const previous = fields[index]
      expect(next.nonce).toBe(previous?.nonce)
      expect(Number(next.maxFeePerGas) / Number(previous?.maxFeePerGas)).toBeGreaterThanOrEqual(1.125)
      expect(Number(next.maxPriorityFeePerGas) / Number(previous?.maxPriorityFeePerGas)).toBeGreaterThanOrEqual(1.125)
    }
    expect(await minedCount()).toBe(before + 1)
  })

  it('stops raising fees at the cap and goes on waiting', async () => {
    await l1.provider.request({ method: 'evm_setAutomine', params: [false] })
    const timers = new VirtualTimers()
    const started = timers.nowMs()
    flaky.disturb = (method) => {
      if (method === 'eth_getTransactionReceipt' && timers.nowMs() - started > 30_000) void mine()
      return 'none'
    }
    await newSender(flaky, timers, 10n ** 10n).send(request, { signal })
    const fees = [...new Set(flaky.sent)].map((raw) => parseTransaction(raw as Hex).maxFeePerGas ?? 0n)
    expect(Math.max(...fees.map(Number))).toBeLessThanOrEqual(1e10)
    expect(fees.length).toBeGreaterThan(3)
    expect(fees.length).toBeLessThan(20)
  })

  it('names the error of the contract, and sends nothing', async () => {
    // Code that reverts with Rollup__NoBatches().
    const selector = '8ef52a52'
    await l1.provider.request({ method: 'hardhat_setCode', params: [to, `0x63${selector}5f526004601cfd`] })
    const failure = newSender().send(request, { signal })
    await expect(failure).rejects.toMatchObject({ code: 'L1_REVERTED', data: `0x${selector}` })
    expect(flaky.sent).toEqual([])
    await l1.provider.request({ method: 'hardhat_setCode', params: [to, '0x'] })
  })

  it('reports a transaction that was mined and failed', async () => {
    await l1.provider.request({ method: 'evm_setAutomine', params: [false] })
    flaky.disturb = (method) => {
      // Fails by the time it is mined.
      if (method === 'eth_sendRawTransaction')
        void l1.provider
          .request({ method: 'hardhat_setCode', params: [to, '0x5f5ffd'] })
          .then(() => new Promise(setImmediate))
          .then(mine)
      return 'none'
    }
    await expect(newSender().send(request, { signal })).rejects.toMatchObject({ code: 'L1_TRANSACTION_FAILED' })
    expect(newSender().inFlight()).toBeUndefined()
  })

  it('gives a transaction up whose nonce another one used', async () => {
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'lost' : 'none')
    const sender = newSender()
    await expect(sender.send(request, { signal })).rejects.toMatchObject({ code: 'L1_UNREACHABLE' })
    flaky.disturb = () => 'none'
    await newSenderOnEmptyDatabase().send({ ...request, data: '0x99' }, { signal })
    const before = await minedCount()
    await sender.resume(signal)
    expect(sender.inFlight()).toBeUndefined()
    expect(await minedCount()).toBe(before)
  })

  it('gives a transaction up whose predecessors a reorganisation dropped', async () => {
    const point = await l1.provider.request({ method: 'evm_snapshot' })
    await newSender().send(request, { signal })
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'lost' : 'none')
    await expect(newSender().send(request, { signal })).rejects.toMatchObject({ code: 'L1_UNREACHABLE' })
    flaky.disturb = () => 'none'
    await l1.provider.request({ method: 'evm_revert', params: [point] })
    await newSender().resume(signal)
    expect(newSender().inFlight()).toBeUndefined()
    expect((await newSender().send(request, { signal })).status).toBe(1n)
  })

  it('reports a rejection by the pool, and forgets the transaction', async () => {
    await l1.provider.request({ method: 'hardhat_setBalance', params: [account.address, '0x1'] })
    const gasFree: Eip1193Provider = {
      request: ({ method, params }) =>
        method === 'eth_estimateGas' ? Promise.resolve('0x5300') : flaky.request({ method, params: params ?? [] }),
    }
    await expect(newSender(gasFree).send(request, { signal })).rejects.toMatchObject({ code: 'L1_TRANSACTION_REJECTED' })
    expect(newSender().inFlight()).toBeUndefined()
  })

  it('stops waiting when it is told to, and leaves the transaction in flight', async () => {
    const stop = new AbortController()
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'swallowed' : 'none')
    const sender = newSender()
    await expect(sender.send(request, { signal: stop.signal, onSent: () => stop.abort() })).rejects.toThrow()
    expect(sender.inFlight()).toBeDefined()
  })

  it('lands each of three requests exactly once over any line', async () => {
    const kinds: readonly Disturbance[] = ['none', 'none', 'lost', 'answer lost', 'rpc error']
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...kinds), { minLength: 20, maxLength: 60 }), async (fates) => {
        database.sqlite.exec('DELETE FROM settlement_pending_transactions')
        const before = await minedCount()
        const queue = [...fates]
        flaky.disturb = () => queue.shift() ?? 'none'
        const landed = { count: 0 }
        while (landed.count < 3) {
          // As after a crash: nothing but the database is kept. What is in flight counts once it is settled.
          const sender = newSender()
          const leftover = sender.inFlight() !== undefined
          await sender.resume(signal).then(
            () => {
              if (leftover) landed.count++
            },
            () => undefined,
          )
          if (landed.count < 3 && sender.inFlight() === undefined) {
            await newSender()
              .send(request, { signal })
              .then(
                () => landed.count++,
                () => undefined,
              )
          }
        }
        expect((await minedCount()) - before).toBe(3)
      }),
      { numRuns: 40 },
    )
  })
})

function newSenderOnEmptyDatabase(): L1Sender {
  const other = openMemoryDatabase({ migrations: [settlementMigrations] })
  return new L1Sender(
    { chainId: 31_337n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
    {
      l1: new L1Client(flaky),
      database: other,
      account,
      errors: settlementErrors,
      timers: new VirtualTimers(),
      log: silentLog,
    },
  )
}
