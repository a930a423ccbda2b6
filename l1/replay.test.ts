import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Hex } from '../core/index.ts'
import { openMemoryDatabase } from '../database/index.ts'
import type { L1Snapshot } from './dev-l1.ts'
import { type DevL1, l1Migrations, startL1 } from './index.ts'
import {
  addresses,
  clockAt,
  contractOf,
  factoryInitCode,
  observe,
  oracleInitCode,
  send,
  silentLog,
  storeCall,
  storeInitCode,
} from './testing/chain.ts'

const account = fc.integer({ min: 0, max: 9 })
const small = fc.bigInt({ min: 0n, max: 6n })

const command = fc.oneof(
  fc.record({ kind: fc.constant('transfer' as const), from: account, to: account, value: small }),
  fc.record({ kind: fc.constant('deploy' as const), from: account, code: fc.constantFrom(storeInitCode, factoryInitCode, oracleInitCode) }),
  // Often: a slot that a checkpoint misses shows only if it was changed by then.
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('call' as const), from: account, contract: fc.nat(), key: small, value: small }) },
  fc.record({ kind: fc.constant('deploy through a contract' as const), from: account, contract: fc.nat() }),
  fc.record({ kind: fc.constant('revert on chain' as const), from: account }),
  fc.record({ kind: fc.constant('set balance' as const), of: account, value: small }),
  fc.record({ kind: fc.constant('set slot' as const), contract: fc.nat(), key: small, value: small }),
  fc.record({ kind: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 5 }), interval: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('automine' as const), on: fc.boolean() }),
  fc.record({ kind: fc.constant('look at the pending block' as const) }),
  fc.record({ kind: fc.constant('snapshot' as const) }),
  fc.record({ kind: fc.constant('revert' as const) }),
  fc.record({ kind: fc.constant('checkpoint' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

const slots = ['0x0', '0x1', '0x2', '0x3', '0x4', '0x5', '0x6']

/** A chain together with what the commands need to remember. */
class Run {
  readonly database = openMemoryDatabase({ migrations: [l1Migrations] })
  readonly clock = clockAt(1_800_000_000_000)
  readonly contracts = new Map<Hex, readonly string[]>()
  readonly started: DevL1[] = []
  snapshots: L1Snapshot[] = []

  get l1(): DevL1 {
    const l1 = this.started.at(-1)
    if (l1 === undefined) throw new Error('not started')
    return l1
  }

  async start(): Promise<void> {
    this.snapshots = []
    this.started.push(await startL1({}, { database: this.database, clock: this.clock, log: silentLog }))
  }

  contract(index: number): Hex {
    return [...this.contracts.keys()][index % Math.max(1, this.contracts.size)] ?? addresses[9] ?? '0x'
  }

  async created(hash: Hex): Promise<void> {
    const receipt = (await this.l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
      contractAddress: Hex | null
    } | null
    const address = receipt?.contractAddress?.toLowerCase() as Hex | undefined
    if (address === undefined) return
    this.contracts.set(address, slots)
    this.contracts.set(contractOf(address, 1n), slots)
  }

  async apply(step: Command): Promise<void> {
    const { l1 } = this
    switch (step.kind) {
      case 'transfer':
        await send(l1, { from: step.from, to: addresses[step.to] ?? '0x', value: step.value })
        return
      case 'deploy':
        return this.created(await send(l1, { from: step.from, data: step.code }))
      case 'call':
        await send(l1, { from: step.from, to: this.contract(step.contract), data: storeCall(step.key, step.value) })
        return
      case 'deploy through a contract':
        await send(l1, { from: step.from, to: this.contract(step.contract), data: storeInitCode })
        return
      case 'revert on chain':
        await send(l1, { from: step.from, data: '0x60006000fd' })
        return
      case 'set balance':
        await l1.request({ method: 'hardhat_setBalance', params: [addresses[step.of], `0x${(10n ** 21n + step.value).toString(16)}`] })
        return
      case 'set slot':
        await l1.request({
          method: 'hardhat_setStorageAt',
          params: [this.contract(step.contract), `0x${step.key.toString(16)}`, `0x${step.value.toString(16).padStart(64, '0')}`],
        })
        return
      case 'mine':
        await l1.request({ method: 'hardhat_mine', params: [`0x${step.blocks.toString(16)}`, `0x${step.interval.toString(16)}`] })
        return
      case 'time':
        await l1.request({ method: 'evm_increaseTime', params: [step.seconds] })
        return
      case 'wait':
        this.clock.ms += step.seconds * 1000
        return
      case 'automine':
        await l1.request({ method: 'evm_setAutomine', params: [step.on] })
        return
      case 'look at the pending block':
        await l1.request({ method: 'eth_getBlockByNumber', params: ['pending', true] })
        await l1.request({ method: 'eth_estimateGas', params: [{ from: addresses[0], to: addresses[1] }] })
        return
      case 'snapshot':
        this.snapshots.push(await l1.take())
        return
      case 'revert': {
        const snapshot = this.snapshots.pop()
        if (snapshot !== undefined) await l1.revert(snapshot, () => undefined)
        return
      }
      case 'checkpoint':
        await l1.checkpoint()
        return
      case 'restart':
        await this.start()
    }
  }
}

it('whatever was done, a restart shows the same chain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      const run = new Run()
      await run.start()
      try {
        for (const code of [storeInitCode, factoryInitCode, oracleInitCode]) await run.apply({ kind: 'deploy', from: 0, code })
        for (const step of steps) await run.apply(step)
        const before = await observe(run.l1, run.contracts)
        await run.start()
        expect(await observe(run.l1, run.contracts)).toEqual(before)
        if (await run.l1.checkpoint()) {
          expect(await observe(run.l1, run.contracts)).toEqual(before)
          await run.start()
          expect(await observe(run.l1, run.contracts)).toEqual(before)
        }
      } finally {
        for (const each of run.started.reverse()) await each.close()
        run.database.close()
      }
    }),
    { numRuns: Number(process.env.L1_REPLAY_RUNS ?? 12) },
  )
}, 120_000)
