import fc from 'fast-check'
import { encodeEventTopics, parseTransaction } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Deployment, rollupAbi } from '../../contracts/index.ts'
import { type FaultStage, type Hex, keccak256Hex, type StoredBatch, storedBatchHash } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import type { ClosedBatch } from '../batches/batch-store.ts'
import { batchesMigrations } from '../batches/migrations.ts'
import { L1Client } from './l1-client.ts'
import { settlementMigrations } from './migrations.ts'
import { RollupContract, rollupCalls } from './rollup-contract.ts'
import { deployTestRollup, inventedGenesis } from './testing/deployed-rollup.ts'
import { FlakyProvider } from './testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './testing/in-process-l1.ts'
import { inventBatch } from './testing/invented-batches.ts'
import { blindProver, MemoryProofQueue } from './testing/memory-proof-queue.ts'
import { SettlementNode, type SettlementNodeOptions } from './testing/settlement-node.ts'

const signal = new AbortController().signal
const { genesis, genesisDiff } = inventedGenesis()
const genesisBatch: ClosedBatch = {
  ...genesis,
  ...{
    proofType: 'attested',
    devReasons: [],
    transactionCount: 0,
    depositCount: 0,
    sealedAtMs: 0,
    stateDiff: genesisDiff,
    messages: [],
    proverInput: null,
  },
}

let l1: InProcessL1
let deployment: Deployment
let base: unknown
let database: DevnetDatabase
let flaky: FlakyProvider
let queue: MemoryProofQueue

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployTestRollup(l1.provider, { genesis, genesisDiff })
  base = await snapshot()
})
afterAll(() => l1.close())
beforeEach(fresh)

async function fresh(): Promise<void> {
  await revertTo(base)
  base = await snapshot()
  database?.close()
  database = openMemoryDatabase({ migrations: [batchesMigrations, settlementMigrations] })
  flaky = new FlakyProvider(l1.provider)
  queue = new MemoryProofQueue(blindProver(deployment.verifier))
}

const snapshot = () => l1.provider.request({ method: 'evm_snapshot' })
const revertTo = (id: unknown) => l1.provider.request({ method: 'evm_revert', params: [id] })

function newNode(options: Partial<SettlementNodeOptions> = {}): SettlementNode {
  const node = new SettlementNode({ database, provider: flaky, deployment, queue, ...options })
  if (node.store.latest() === undefined) node.store.add(genesisBatch)
  return node
}

const onL1 = () => new RollupContract(new L1Client(l1.provider), deployment.rollup).progress('latest')

/** Numbers of the batches in all events of that name. */
async function eventsOf(eventName: 'BatchCommitted' | 'BatchProven' | 'BatchExecuted'): Promise<number[]> {
  const [topic] = encodeEventTopics({ abi: rollupAbi, eventName })
  const client = new L1Client(l1.provider)
  const logs = await client.logs({ address: deployment.rollup, fromBlock: 0n, toBlock: await client.blockNumber(), topics: [topic] })
  return logs.map(({ topics }) => Number(topics[1]))
}

async function sendAs(data: Hex): Promise<void> {
  await l1.provider.request({ method: 'eth_sendTransaction', params: [{ from: testKeys.sequencer.address, to: deployment.rollup, data }] })
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('Settlement', () => {
  it('commits, proves and executes what is sealed, and tells each change of status', async () => {
    const node = newNode()
    node.seal(3)
    await node.settle()
    expect(await onL1()).toEqual({ lastCommitted: 3n, lastProven: 3n, lastExecuted: 3n })
    expect(node.store.progress()).toEqual(await onL1())
    expect(node.seen).toEqual(['committed', 'proven', 'executed'].flatMap((status) => upTo(3).map((number) => `${number} ${status}`)))
  })

  it('takes several batches per transaction', async () => {
    const node = newNode()
    node.seal(10)
    await node.settle()
    expect(flaky.sent).toHaveLength(4)
  })

  it('keeps a commit below 110 kB', async () => {
    const node = newNode()
    node.seal(5, { diffBytes: 50_000 })
    await node.settle()
    const commits = flaky.sent.filter((raw) => raw.length > 20_000)
    expect(commits).toHaveLength(3)
    for (const raw of commits) expect(raw.length / 2).toBeLessThan(112_000)
    expect((await onL1()).lastExecuted).toBe(5n)
  })

  it('commits a batch of the largest diff within the gas of one transaction', async () => {
    const node = newNode()
    node.seal(1, { diffBytes: 100_700 })
    await node.settle()
    expect(node.newest().commit?.gasUsed).toBeLessThan(16_777_216n)
    expect(node.newest().status).toBe('executed')
  })

  it('notes transaction, gas and time of each step, and what the proof took', async () => {
    const node = newNode()
    node.seal(2)
    await node.settle()
    const batch = node.newest()
    for (const step of [batch.commit, batch.prove, batch.execute]) {
      const receipt = await new L1Client(l1.provider).receipt(step?.txHash ?? '0x')
      expect(step).toMatchObject({ gasUsed: receipt?.gasUsed })
      expect(step?.timestamp).toBe((await new L1Client(l1.provider).block(receipt?.blockNumber ?? 0n))?.timestamp)
    }
    expect(batch).toMatchObject({ provingMs: 2, proofBytes: 65, proofSegments: null, verification: [{ gasUsed: expect.any(BigInt) }] })
  })

  it('finds the attestation that was mined when the node had just died', async () => {
    flaky.disturb = (method, [raw]) => {
      const isAttestation = method === 'eth_sendRawTransaction' && parseTransaction(raw as Hex).to?.toLowerCase() === deployment.verifier
      return isAttestation ? 'answer lost' : 'none'
    }
    const dying = newNode()
    dying.seal(2)
    await expect(dying.settle()).rejects.toThrow()
    expect(dying.newest()).toMatchObject({ status: 'committed', verification: [] })
    flaky.disturb = () => 'none'
    const node = newNode()
    await node.settle()
    for (const number of [1n, 2n]) {
      const [attestation, ...others] = node.store.batch(number)?.verification ?? []
      expect(others).toEqual([])
      const client = new L1Client(l1.provider)
      expect((await client.receipt(attestation?.txHash ?? '0x'))?.gasUsed).toBe(attestation?.gasUsed)
      expect((await client.transaction(attestation?.txHash ?? '0x'))?.to).toBe(deployment.verifier)
    }
  })

  it('proves the first batches when later ones have no proof yet', async () => {
    queue.immediate = false
    const node = newNode()
    node.seal(3)
    await node.settle()
    expect(await onL1()).toMatchObject({ lastCommitted: 3n, lastProven: 0n })
    const digests = node.store.batches(1n, 3).map(({ digest }) => digest)
    await queue.prove(digests[0] ?? '0x')
    await queue.prove(digests[2] ?? '0x')
    await node.settle()
    expect(await onL1()).toMatchObject({ lastProven: 1n, lastExecuted: 1n })
    await queue.prove(digests[1] ?? '0x')
    await node.settle()
    expect(await onL1()).toMatchObject({ lastProven: 3n, lastExecuted: 3n })
  })

  it('enqueues each batch once, with its input, and frees the input when it is executed', async () => {
    const node = newNode()
    node.seal(2)
    await node.settle()
    const { digest } = node.newest()
    expect(queue.enqueued.filter((enqueued) => enqueued === digest)).toHaveLength(1)
    expect(keccak256Hex(queue.requests.get(digest)?.input ?? new Uint8Array())).toBe(digest)
    expect(node.store.proverInput(2n)).toBeUndefined()
  })

  it('says so when a batch cannot be proven', async () => {
    queue.immediate = false
    const node = newNode()
    node.seal(1)
    await node.settlement.advance(signal)
    queue.failures.set(node.newest().digest, 'the roots differ')
    await expect(node.settlement.advance(signal)).rejects.toMatchObject({ code: 'PROOF_FAILED', exitCode: 5 })
  })

  it('refuses a contract that holds another batch under a number', async () => {
    await sendAs(rollupCalls.commit(genesis, [inventBatch(genesis, { rollup: deployment.rollup, salt: 'other' })]))
    const node = newNode()
    node.seal(1)
    await expect(node.settlement.synchronize()).rejects.toMatchObject({ code: 'BATCH_MISMATCH', exitCode: 6 })
    await expect(node.settlement.advance(signal)).rejects.toMatchObject({ code: 'BATCH_MISMATCH' })
    expect(flaky.sent).toEqual([])
  })

  it('refuses a contract that holds more batches than the node', async () => {
    const ahead = newNode()
    ahead.seal(2)
    await ahead.settle()
    const other = openMemoryDatabase({ migrations: [batchesMigrations, settlementMigrations] })
    await expect(newNode({ database: other }).settlement.synchronize()).rejects.toThrow('this node does not have it')
    other.close()
  })

  it('takes over what somebody else did with the same batches', async () => {
    const node = newNode()
    node.seal(2)
    const batches = node.store
      .batches(1n, 2)
      .map((batch) => ({ ...batch, stateDiff: node.store.stateDiff(batch.number) ?? new Uint8Array() }))
    await sendAs(rollupCalls.commit(genesis, batches))
    await node.settle()
    expect(await eventsOf('BatchCommitted')).toEqual([0, 1, 2])
    expect(node.newest()).toMatchObject({ status: 'executed', commit: { gasUsed: expect.any(BigInt) } })
  })

  it('goes back with the L1, and forward again', async () => {
    const node = newNode()
    node.seal(1)
    await node.settle()
    const fork = await snapshot()
    node.seal(2)
    await node.settle()
    node.seen.length = 0
    await revertTo(fork)
    await l1.provider.request({ method: 'evm_mine' })
    await node.settlement.synchronize()
    expect(node.seen).toEqual(['2 sealed', '3 sealed'])
    expect(node.newest()).toMatchObject({ status: 'sealed', commit: null, prove: null, execute: null })
    await node.settle()
    expect(node.newest().status).toBe('executed')
    expect(await eventsOf('BatchCommitted')).toEqual([0, 1, 2, 3])
  })

  it('commits again what was reverted in the contract', async () => {
    queue.immediate = false
    const node = newNode()
    node.seal(3)
    await node.settle()
    await sendAs(rollupCalls.revert(1n))
    await node.settle()
    expect(await eventsOf('BatchCommitted')).toEqual([0, 1, 2, 3, 2, 3])
    expect((await onL1()).lastCommitted).toBe(3n)
    const commits = node.store.batches(2n, 2).map(({ commit }) => commit?.txHash)
    expect(new Set(commits).size).toBe(1)
    expect(commits[0]).not.toBe(node.store.batch(1n)?.commit?.txHash)
  })

  it('names the error of the contract when a step is refused', async () => {
    const node = newNode()
    const batch = inventBatch(genesis, { rollup: deployment.rollup })
    node.store.add({ ...batch, lastTimestamp: 0n })
    await expect(node.settlement.advance(signal)).rejects.toMatchObject({
      code: 'L1_REVERTED',
      contractError: 'Rollup__TimestampNotIncreasing',
    })
  })

  it('settles on its own: wakes for sealed batches and proofs, survives an L1 that is away', async () => {
    queue.immediate = false
    const node = newNode()
    let away = true
    flaky.disturb = () => (away ? 'lost' : 'none')
    const unreachable = Promise.withResolvers<void>()
    const executed = Promise.withResolvers<void>()
    node.events.on('batch', ({ batch }) => {
      if (batch.status === 'executed') executed.resolve()
    })
    await node.settlement.start(signal)
    const watch = setInterval(() => {
      if (node.settlement.settlement().state === 'unreachable') unreachable.resolve()
    }, 1)
    await unreachable.promise
    clearInterval(watch)
    expect(node.settlement.l1BlockNumber()).toBeNull()
    expect(node.settlement.settlement().error?.code).toBe('L1_UNREACHABLE')
    away = false
    queue.immediate = true
    node.seal(1)
    node.events.emit('batch', { batch: node.newest() })
    await executed.promise
    await node.settlement.stop()
    expect(node.settlement.settlement()).toMatchObject({ state: 'running', error: null, inFlight: null })
  })

  it('does not wait for ever for a transaction in flight when it is paused, and takes it up afterwards', async () => {
    const node = newNode()
    node.seal(1)
    flaky.disturb = (method) => (method === 'eth_sendRawTransaction' ? 'swallowed' : 'none')
    const turn = node.settlement.advance(signal).catch((error: unknown) => error)
    const resume = await node.settlement.pause()
    expect(await turn).toBeInstanceOf(Error)
    expect(node.settlement.settlement().inFlight?.action).toBe('commit of batch 1')
    flaky.disturb = () => 'none'
    const later = node.settle()
    resume()
    await later
    expect(await eventsOf('BatchCommitted')).toEqual([0, 1])
  })
})

class Killed extends Error {}

describe('Settlement after kills', () => {
  const stages: readonly FaultStage[] = ['commit sent', 'commit mined', 'prove sent', 'executed']

  async function settleThroughKills(kills: readonly { readonly stage: FaultStage; readonly skip: number }[]): Promise<SettlementNode> {
    const queueOfKills = kills.map((kill) => ({ ...kill }))
    const faults = (stage: FaultStage): void => {
      const next = queueOfKills[0]
      if (next === undefined || next.stage !== stage || next.skip-- > 0) return
      queueOfKills.shift()
      throw new Killed(stage)
    }
    let node = newNode({ faults })
    node.seal(2)
    for (let sealed = 2; ; ) {
      try {
        await node.settle()
        if (sealed === 6) return node
        node.seal(2)
        sealed += 2
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        node = newNode({ faults })
      }
    }
  }

  async function assertOnceEach(node: SettlementNode, count: number): Promise<void> {
    expect(await eventsOf('BatchCommitted')).toEqual([0, ...upTo(count)])
    expect(await eventsOf('BatchProven')).toEqual(upTo(count))
    expect(await eventsOf('BatchExecuted')).toEqual(upTo(count))
    const client = new L1Client(l1.provider)
    const contract = new RollupContract(client, deployment.rollup)
    for (const batch of node.store.batches(0n, count + 1)) {
      expect(await contract.storedBatchHash(batch.number, 'latest')).toBe(storedBatchHash(batch satisfies StoredBatch))
      expect(batch.status).toBe('executed')
      if (batch.number > 0n) expect([batch.commit, batch.prove, batch.execute]).not.toContain(null)
    }
    expect(node.sender.inFlight()).toBeUndefined()
  }

  it.each(stages)('moves each batch on exactly once when it dies at "%s"', async (stage) => {
    await assertOnceEach(
      await settleThroughKills([
        { stage, skip: 0 },
        { stage, skip: 1 },
      ]),
      6,
    )
  })

  it('moves each batch on exactly once whatever kills come', async () => {
    const kill = fc.record({ stage: fc.constantFrom(...stages), skip: fc.nat({ max: 3 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { maxLength: 8 }), async (kills) => {
        await fresh()
        await assertOnceEach(await settleThroughKills(kills), 6)
      }),
      { numRuns: 25 },
    )
  })

  it('moves each batch on exactly once when it dies at any request, before or after the L1 saw it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 40 }), fc.boolean()), { minLength: 1, maxLength: 12 }), async (deaths) => {
        await fresh()
        const plan = [...deaths]
        let requests = 0
        flaky.disturb = () => {
          const [at, sees] = plan[0] ?? [Number.POSITIVE_INFINITY, false]
          if (requests++ < at) return 'none'
          plan.shift()
          requests = 0
          return sees ? 'answer lost' : 'lost'
        }
        let node = newNode()
        node.seal(6)
        for (;;) {
          try {
            await node.settle()
            break
          } catch {
            node = newNode()
          }
        }
        await assertOnceEach(node, 6)
      }),
      { numRuns: 25 },
    )
  })
})
