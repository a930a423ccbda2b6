import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openMemoryDatabase } from '../database/index.ts'
import { DevnetSnapshots } from './snapshots/devnet-snapshots.ts'
import { chainMigrations } from './storage/migrations.ts'
import { account, ether, FakeClock, FakeFeed, gwei, sign, startTestChain, type TestChain } from './testing/test-chain.ts'

const senders = [0, 1, 2]

/** What a ledger would say. What gas cost is taken from the receipts. */
interface Model {
  readonly nonces: number[]
  readonly sealedNonces: number[]
  readonly pool: { readonly sender: number; readonly nonce: number; readonly to: number; readonly value: bigint }[]
  readonly received: bigint[]
  automine: boolean
  deposits: number
  sealedDeposits: number
}

const copy = (model: Model): Model => structuredClone(model)

function seal(model: Model): void {
  for (const { sender, nonce, to, value } of model.pool.splice(0)) {
    model.sealedNonces[sender] = nonce + 1
    model.received[sender] = (model.received[sender] ?? 0n) - value
    model.received[to] = (model.received[to] ?? 0n) + value
  }
  model.sealedDeposits = model.deposits
}

type Step =
  | { readonly kind: 'send'; readonly sender: number; readonly to: number; readonly value: bigint }
  | { readonly kind: 'mine' | 'automine' | 'manual' | 'deposit' | 'snapshot' | 'revert' | 'restart' | 'late' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('send' as const), sender: fc.nat(2), to: fc.nat(2), value: fc.bigInt(0n, ether) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('mine', 'automine', 'manual', 'deposit', 'snapshot', 'revert', 'restart', 'late') }),
  },
)

function assertAgrees(chain: TestChain, model: Model): void {
  const { number } = chain.store.head().header
  const view = chain.store.stateAt(number)
  const fees = new Map<string, bigint>()
  for (let block = 0n; block <= number; block++) {
    for (const { from, gasUsed, effectiveGasPrice, succeeded } of chain.store.receipts(block)) {
      expect(succeeded).toBe(true)
      fees.set(from, (fees.get(from) ?? 0n) + gasUsed * effectiveGasPrice)
    }
  }
  for (const sender of senders) {
    const { address } = account(sender)
    expect(view.account(address).nonce).toBe(BigInt(model.sealedNonces[sender] ?? 0))
    expect(chain.pool.nextNonce(address)).toBe(BigInt(model.nonces[sender] ?? 0))
    const deposited = sender === 0 ? BigInt(model.sealedDeposits) * gwei : 0n
    expect(view.account(address).balance).toBe(1000n * ether + (model.received[sender] ?? 0n) + deposited - (fees.get(address) ?? 0n))
  }
  expect(chain.pool.pending()).toHaveLength(model.pool.length)
  expect(chain.pool.queued()).toEqual([])
  expect(chain.store.inboxCount()).toBe(BigInt(model.sealedDeposits))
}

it('agrees with a ledger over any history of transactions, modes, snapshots and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const database = openMemoryDatabase({ migrations: [chainMigrations] })
      const options = { database, feed: new FakeFeed(), clock: new FakeClock(1_800_000_000) }
      let chain = await startTestChain(options)
      let snapshots = new DevnetSnapshots({ database, participants: [chain.snapshot], l1: null })
      let model: Model = {
        nonces: [0, 0, 0],
        sealedNonces: [0, 0, 0],
        pool: [],
        received: [0n, 0n, 0n],
        automine: true,
        deposits: 0,
        sealedDeposits: 0,
      }
      let saved: { readonly id: bigint; readonly model: Model }[] = []
      for (const next of steps) {
        switch (next.kind) {
          case 'send': {
            const { sender, to, value } = next
            const nonce = model.nonces[sender] ?? 0
            await chain.pool.submit(sign({ from: account(sender), nonce, to: account(to).address, value }))
            model.nonces[sender] = nonce + 1
            model.pool.push({ sender, nonce, to, value })
            if (model.automine) seal(model)
            break
          }
          case 'mine':
            await chain.sealing.mine()
            seal(model)
            break
          case 'automine':
          case 'manual':
            model.automine = next.kind === 'automine'
            await chain.sealing.setAutomine(model.automine)
            if (model.automine && (model.pool.length > 0 || model.deposits > model.sealedDeposits)) seal(model)
            break
          case 'deposit':
            options.feed.push(account(0).address, 1n)
            model.deposits++
            await chain.depositsArrived()
            if (model.automine) seal(model)
            break
          case 'late':
            options.clock.ms += 3_000
            await chain.sealing.increaseTime(7n)
            break
          case 'snapshot':
            saved.push({ id: await snapshots.take(), model: copy(model) })
            break
          case 'revert': {
            const target = saved.pop()
            if (target === undefined) break
            expect(await snapshots.revert(target.id)).toBe(true)
            // Mode and Inbox are not part of it.
            model = { ...target.model, automine: model.automine, deposits: model.deposits }
            break
          }
          case 'restart':
            await chain.stop()
            chain = await startTestChain(options)
            snapshots = new DevnetSnapshots({ database, participants: [chain.snapshot], l1: null })
            saved = []
            model.automine = true
            if (model.pool.length > 0 || model.deposits > model.sealedDeposits) seal(model)
        }
        assertAgrees(chain, model)
      }
      const timestamps = Array.from(chain.store.records(0n, chain.store.head().header.number), ({ block }) => block.header.timestamp)
      expect(timestamps).toEqual([...timestamps].sort((a, b) => (a < b ? -1 : 1)))
      expect(new Set(timestamps).size).toBe(timestamps.length)
    }),
    { numRuns: 60 },
  )
}, 60_000)
