import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deployment } from '../contracts/index.ts'
import { type Batch, type Hex, isDevBatch, noProgramId, storedBatchHash } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { recoverFromL1 } from './recover/recover-from-l1.ts'
import { L1Client } from './settlement/l1-client.ts'
import { RollupContract } from './settlement/rollup-contract.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './settlement/testing/in-process-l1.ts'
import type { MemoryProofQueue } from './settlement/testing/memory-proof-queue.ts'
import {
  deployForTestGenesis,
  honestQueue,
  openRollupDatabase,
  type RollupNode,
  startRollupNode,
  testGenesis,
} from './settlement/testing/rollup-node.ts'
import { silentLog } from './settlement/testing/silent-log.ts'
import { VirtualTimers } from './settlement/testing/virtual-timers.ts'
import { account, ether, gwei, sign, signAs } from './testing/test-chain.ts'

const strangers = [1, 2, 3].map((i): Hex => `0x${'5'.repeat(39)}${i}`)
const [mallory = '0x' as Hex, oscar = '0x' as Hex] = strangers
const alice = account(0)

let l1: InProcessL1
let deployment: Deployment
let base: unknown
let database: DevnetDatabase
let queue: MemoryProofQueue
let nodes: RollupNode[] = []
let databases: DevnetDatabase[] = []

const l1Snapshot = () => l1.provider.request({ method: 'evm_snapshot' })

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
  base = await l1Snapshot()
})
afterAll(() => l1.close())
beforeEach(async () => {
  await fresh()
  return close
})

async function fresh(): Promise<void> {
  await l1.provider.request({ method: 'evm_revert', params: [base] })
  base = await l1Snapshot()
  queue = honestQueue(deployment)
  nodes = []
  databases = []
  database = newDatabase()
}

async function close(): Promise<void> {
  for (const node of nodes) await node.stop()
  for (const opened of databases) opened.close()
}

function newDatabase(): DevnetDatabase {
  const opened = openRollupDatabase()
  databases.push(opened)
  return opened
}

async function start(options: { readonly database?: DevnetDatabase; readonly allowsDevBatches?: boolean } = {}): Promise<RollupNode> {
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue, ...options })
  nodes.push(node)
  return node
}

const contract = () => new RollupContract(new L1Client(l1.provider), deployment.rollup)
const send = ({ chain }: RollupNode, fields: Record<string, unknown> = {}) =>
  chain.pool.submit(sign({ from: alice, nonce: chain.pool.nextNonce(alice.address), ...fields }))
const setBalance = ({ chain }: RollupNode, address: Hex, balance: bigint) => chain.dev.edit(() => [{ address, balance }])
const batchesOf = ({ rollup }: RollupNode) => rollup.batches.batches(1n, 1_000)
const shape = ({ firstBlockNumber, lastBlockNumber, proofType }: Batch) => [firstBlockNumber, lastBlockNumber, proofType]

async function recover(): Promise<{ readonly database: DevnetDatabase; readonly stateRoot: Hex }> {
  const empty = newDatabase()
  const { stateRoot } = await recoverFromL1(
    {
      ...{ contracts: deployment, deployBlock: deployment.deployBlock, genesis: testGenesis, proofType: 'attested' },
      ...{ maxLogRange: 1_000n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
    },
    {
      ...{ database: empty, l1: l1.provider, account: testKeys.sequencer, timers: new VirtualTimers(), log: silentLog },
      signal: new AbortController().signal,
    },
  )
  return { database: empty, stateRoot }
}

describe('a block that the guest would not accept', () => {
  it('makes a dev batch, and only of what comes after the honest blocks', async () => {
    const node = await start()
    await send(node)
    await send(node)
    await setBalance(node, mallory, ether)
    await send(node)
    await send(node)
    expect(node.rollup.batches.open()).toMatchObject({
      number: 2n,
      devReasons: [{ kind: 'stateEdited', blockNumber: 3n, detail: `balance of ${mallory} set` }],
    })
    await node.rollup.seal()
    await send(node)
    await node.rollup.seal()
    expect(batchesOf(node).map(shape)).toEqual([
      [1n, 2n, 'attested'],
      [3n, 4n, 'dev'],
      [5n, 5n, 'attested'],
    ])
    const dev = node.rollup.batches.batch(2n)
    expect(dev).toMatchObject({ programId: noProgramId, devReasons: [{ kind: 'stateEdited', blockNumber: 3n }] })
  })

  it('is carried by L1 with its whole diff, without guest and prover, between batches that are proven', async () => {
    const node = await start()
    await send(node)
    await setBalance(node, mallory, 5n * ether)
    await node.chain.dev.submitImpersonated(signAs(mallory, { nonce: 0n, to: oscar, value: ether }))
    await node.rollup.seal()
    await send(node)
    await node.rollup.seal()
    const seen: string[] = []
    node.events.on('batch', ({ batch }) => seen.push(`${batch.number} ${batch.proofType} ${batch.status}`))
    await node.settle()
    const batches = batchesOf(node)
    expect(batches.map(({ status, proofType }) => [status, proofType])).toEqual([
      ['executed', 'attested'],
      ['executed', 'dev'],
      ['executed', 'attested'],
    ])
    expect(seen.filter((line) => line.includes('dev'))).not.toContain('2 dev proven')
    const dev = node.rollup.batches.batch(2n)
    if (dev === undefined) throw new Error('not sealed')
    expect(dev).toMatchObject({ prove: null, provingMs: null, proofBytes: null })
    expect(await queue.job(dev.digest)).toBeUndefined()
    expect(node.rollup.batches.batchCycles(2n)).toBeUndefined()
    expect(await contract().storedBatchHash(2n, 'latest')).toBe(storedBatchHash(dev))
    expect(await contract().stateRoot(3n, 'latest')).toBe(node.chain.store.head().header.stateRoot)
  })

  it('is rebuilt from L1, and the chain goes on from it with what is proven', async () => {
    const node = await start()
    await node.chain.dev.edit(() => [
      { address: mallory, balance: 5n * ether, nonce: 3n, code: Uint8Array.of(0), slots: [{ key: 7n, value: 9n }] },
    ])
    await send(node)
    await node.chain.dev.setBlock({ nextBaseFeePerGas: 5n * gwei, gasLimit: 60_000_000n })
    await node.chain.sealing.mine()
    await node.chain.dev.setBlock({ gasLimit: null })
    await node.rollup.seal()
    await node.settle()
    // Not in a block, so nowhere but in the node.
    await setBalance(node, oscar, ether)
    const head = node.chain.store.head()
    const dump = await node.chain.dev.dump()
    await node.stop()
    nodes = []
    const recovered = await recover()
    expect(recovered.stateRoot).toBe(head.header.stateRoot)
    const again = await start({ database: recovered.database })
    expect(again.chain.store.head().hash).toBe(head.hash)
    expect(batchesOf(again).map(({ proofType }) => proofType)).toEqual(['dev'])
    expect(await again.chain.dev.dump()).toEqual(dump.filter(({ address }) => address !== oscar))
    await send(again)
    await again.rollup.seal()
    await again.settle()
    expect(again.rollup.batches.batch(2n)).toMatchObject({ status: 'executed', proofType: 'attested' })
  })

  it('is not rolled back below what L1 has', async () => {
    const node = await start()
    await send(node)
    await node.rollup.seal()
    await node.settle()
    await send(node)
    await node.rollup.seal()
    await setBalance(node, mallory, ether)
    await node.snapshots.rollbackTo(1n)
    expect([node.chain.store.head().header.number, node.rollup.batches.latest()]).toEqual([1n, 1n])
    await expect(node.snapshots.rollbackTo(0n)).rejects.toMatchObject({ code: 'ROLLBACK_BELOW_COMMITTED_BATCH' })
    await send(node)
    await node.rollup.seal()
    await node.settle()
    expect(node.rollup.batches.batch(2n)).toMatchObject({ status: 'executed', proofType: 'attested' })
  })
})

/** What is known of the strangers' accounts; alice pays for what others send. */
interface Model {
  readonly accounts: readonly { readonly balance: bigint; readonly nonce: bigint; readonly slot: bigint }[]
  readonly head: bigint
}

const empty: Model = { accounts: strangers.map(() => ({ balance: 0n, nonce: 0n, slot: 0n })), head: 0n }

type Step =
  | { readonly kind: 'balance' | 'nonce' | 'slot'; readonly who: number; readonly value: bigint }
  | { readonly kind: 'pay' | 'impersonate'; readonly who: number; readonly value: bigint }
  | { readonly kind: 'mine' | 'baseFee' | 'gasLimit' | 'take' | 'revert' | 'seal' | 'settle' | 'restart' }

const who = fc.nat({ max: strangers.length - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('balance', 'nonce', 'slot'), who, value: fc.bigInt({ min: 0n, max: 2n }) }),
  fc.record({ kind: fc.constantFrom('pay', 'impersonate'), who, value: fc.bigInt({ min: 1n, max: 9n }) }),
  fc.record({ kind: fc.constantFrom('mine', 'baseFee', 'gasLimit', 'take', 'revert', 'seal', 'settle', 'restart') }),
)

class Walk {
  node: RollupNode
  model = empty
  #snapshots: { readonly id: bigint; readonly model: Model }[] = []

  constructor(node: RollupNode) {
    this.node = node
  }

  async take(next: Step): Promise<void> {
    const { chain, rollup, snapshots } = this.node
    switch (next.kind) {
      case 'balance':
        await setBalance(this.node, this.#address(next.who), next.value * ether)
        return this.#change(next.who, { balance: next.value * ether })
      case 'nonce':
        // Only upwards: downwards a transaction of the past could be the same as a new one.
        await chain.dev.edit((state) => [
          { address: this.#address(next.who), nonce: state.account(this.#address(next.who)).nonce + next.value },
        ])
        return this.#change(next.who, { nonce: this.#account(next.who).nonce + next.value })
      case 'slot':
        await chain.dev.edit(() => [{ address: this.#address(next.who), slots: [{ key: 1n, value: next.value }] }])
        return this.#setSlot(next.who, next.value)
      case 'pay':
        await send(this.node, { to: this.#address(next.who), value: next.value })
        this.#change(next.who, { balance: this.#account(next.who).balance + next.value })
        return this.#sealed(1n)
      case 'impersonate':
        return this.#impersonate(next.who, next.value)
      case 'mine':
        await chain.sealing.mine({ blocks: 2 })
        return this.#sealed(2n)
      case 'baseFee':
        return chain.dev.setBlock({ nextBaseFeePerGas: 3n * gwei })
      case 'gasLimit':
        return chain.dev.setBlock({ gasLimit: chain.dev.blockSettings().gasLimit === null ? 40_000_000n : null })
      case 'take':
        this.#snapshots.push({ id: await snapshots.take(), model: this.model })
        return
      case 'revert': {
        const last = this.#snapshots.pop()
        if (last === undefined) return
        expect(await snapshots.revert(last.id)).toBe(true)
        this.model = last.model
        return
      }
      case 'seal':
        await rollup.seal()
        return
      case 'settle':
        return this.node.settle()
      case 'restart':
        await this.node.stop()
        this.node = await start()
        await this.node.rollup.synchronize()
        // They live as long as the process.
        this.#snapshots = []
    }
  }

  check(): void {
    const { store } = this.node.chain
    const { number } = store.head().header
    const state = store.stateAt(number)
    const accounts = strangers.map((address) => {
      const { balance, nonce } = state.account(address)
      return { balance, nonce, slot: state.storage(address, 1n) }
    })
    expect({ accounts, head: number }).toEqual(this.model)
  }

  async #impersonate(index: number, value: bigint): Promise<void> {
    const { balance, nonce } = this.#account(index)
    if (balance < ether) return
    const hash = await this.node.chain.dev.submitImpersonated(
      signAs(this.#address(index), { nonce, value, to: alice.address, gasLimit: 21_000n }),
    )
    const receipt = this.node.chain.store.receipt(hash)
    if (receipt === undefined) throw new Error('not sealed')
    this.#change(index, { nonce: nonce + 1n, balance: balance - value - receipt.gasUsed * receipt.effectiveGasPrice })
    this.#sealed(1n)
  }

  #setSlot(index: number, slot: bigint): void {
    const { balance, nonce } = this.#account(index)
    const wouldBeEmpty = balance === 0n && nonce === 0n
    this.#change(index, { slot, ...(wouldBeEmpty && slot !== 0n && { nonce: 1n }) })
  }

  #change(index: number, fields: Partial<Model['accounts'][number]>): void {
    const accounts = this.model.accounts.map((known, at) => {
      if (at !== index) return known
      const changed = { ...known, ...fields }
      return changed.balance === 0n && changed.nonce === 0n ? { ...changed, slot: 0n } : changed
    })
    this.model = { ...this.model, accounts }
  }

  #sealed(blocks: bigint): void {
    this.model = { ...this.model, head: this.model.head + blocks }
  }

  #account(index: number) {
    const known = this.model.accounts[index]
    if (known === undefined) throw new RangeError(`no stranger ${index}`)
    return known
  }

  #address(index: number): Hex {
    return strangers[index] ?? '0x'
  }
}

describe('whatever is done', () => {
  it('node and model agree, and each batch is proven or says why not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await close()
        await fresh()
        const walk = new Walk(await start())
        for (const next of steps) {
          await walk.take(next)
          walk.check()
        }
        const { node } = walk
        await node.chain.sealing.mine()
        await node.rollup.seal()
        await node.settle()
        for (const batch of batchesOf(node)) {
          expect(batch.status).toBe('executed')
          const reasons: unknown[] = []
          for (let block = batch.firstBlockNumber; block <= batch.lastBlockNumber; block++)
            reasons.push(...node.chain.store.devReasons(block))
          expect(batch.devReasons).toEqual(reasons)
          expect([batch.proofType, isDevBatch(batch), batch.prove === null]).toEqual(
            reasons.length > 0 ? ['dev', true, true] : ['attested', false, false],
          )
        }
        const head = node.chain.store.head().header
        await node.stop()
        nodes = nodes.filter((other) => other !== node)
        expect((await recover()).stateRoot).toBe(head.stateRoot)
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})
