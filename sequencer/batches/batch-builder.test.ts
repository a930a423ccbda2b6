import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { encodeErrorResult, encodeEventTopics, encodeFunctionData } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { bridgeAbi, type Deployment, rollupAbi } from '../../contracts/index.ts'
import {
  type Batch,
  bytesToHex,
  decodeStateDiff,
  decodeWithdrawalMessage,
  type FaultStage,
  type Hex,
  keccak256Hex,
  messageLeaf,
  predeploys,
  storedBatchHash,
  verifyMessageProof,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { L1Client } from '../settlement/l1-client.ts'
import { RollupContract } from '../settlement/rollup-contract.ts'
import { type InProcessL1, startInProcessL1, testKeys } from '../settlement/testing/in-process-l1.ts'
import type { MemoryProofQueue } from '../settlement/testing/memory-proof-queue.ts'
import {
  deployForTestGenesis,
  honestQueue,
  openRollupDatabase,
  type RollupNode,
  type RollupNodeOptions,
  startRollupNode,
} from '../settlement/testing/rollup-node.ts'
import { account, sign } from '../testing/test-chain.ts'

const alice = account(0)
const bob = account(1)
const gwei = 10n ** 9n
/** withdraw(address) of the base token, to bob. */
const withdrawal = { to: predeploys.baseToken, data: `0x51cff8d9${bob.address.slice(2).padStart(64, '0')}`, value: 5n * gwei } as const

let l1: InProcessL1
let deployment: Deployment
let base: unknown
let database: DevnetDatabase
let queue: MemoryProofQueue
let nodes: RollupNode[] = []

beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
  base = await snapshot()
})
afterAll(() => l1.close())
beforeEach(async () => {
  await l1.provider.request({ method: 'evm_revert', params: [base] })
  base = await snapshot()
  database = openRollupDatabase()
  queue = honestQueue(deployment)
  nodes = []
  return async () => {
    for (const node of nodes) await node.stop()
    database.close()
  }
})

const snapshot = () => l1.provider.request({ method: 'evm_snapshot' })

async function start(options: Partial<RollupNodeOptions> = {}): Promise<RollupNode> {
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue, ...options })
  nodes.push(node)
  return node
}

async function sendOnL1(to: Hex, data: Hex, value = 0n): Promise<void> {
  const params = [{ from: testKeys.user.address, to, data, value: `0x${value.toString(16)}` }]
  await l1.provider.request({ method: 'eth_sendTransaction', params })
}

const deposit = (to: Hex, amountGwei: bigint) =>
  sendOnL1(deployment.bridge, encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [to] }), amountGwei * gwei)

const contract = () => new RollupContract(new L1Client(l1.provider), deployment.rollup)

/** One automined transaction per block. */
async function send(node: RollupNode, count: number, fields: Record<string, unknown> = {}): Promise<Hex[]> {
  const hashes: Hex[] = []
  for (let sent = 0; sent < count; sent++) {
    hashes.push(await node.chain.pool.submit(sign({ from: alice, nonce: node.chain.pool.nextNonce(alice.address), ...fields })))
  }
  return hashes
}

describe('Batches of a chain', () => {
  it('begin with the genesis batch that the contract was deployed with', async () => {
    const { rollup } = await start()
    const genesis = rollup.batches.batch(0n)
    expect(genesis && storedBatchHash(genesis)).toBe(await contract().storedBatchHash(0n, 'latest'))
    expect(genesis?.status).toBe('executed')
    expect(rollup.batches.open()).toEqual({
      number: 1n,
      firstBlockNumber: 1n,
      lastBlockNumber: null,
      transactionCount: 0,
      stateDiffBytes: 0,
      estimatedCycles: 0,
      devReasons: [],
    })
    expect(await rollup.seal()).toBeNull()
  })

  it('hold transactions, a contract creation, deposits and withdrawals that a stateless prover accepts, up to executed', async () => {
    const node = await start()
    await send(node, 3)
    // Code that stores the first word of its calldata under itself: fresh code, fresh slots.
    const [creation] = await send(node, 1, { to: undefined, data: '0x645f358055005f526005601bf3', gasLimit: 200_000n })
    const created = node.chain.store.receipt(creation ?? '0x')?.contractAddress
    await send(node, 2, { to: created, data: `0x${'07'.padStart(64, '0')}` })
    await deposit(bob.address, 17n)
    await node.pollInbox()
    await send(node, 2, withdrawal)
    expect(await node.rollup.seal()).toBe(1n)
    await send(node, 1, { to: created, data: `0x${'08'.padStart(64, '0')}` })
    expect(await node.rollup.seal()).toBe(2n)
    expect(node.chain.store.stateAt(node.chain.store.head().header.number).storage(created ?? '0x', 8n)).toBe(8n)
    await node.settle()
    expect(node.rollup.batches.batch(2n)?.status).toBe('executed')
    expect(node.rollup.batches.batch(1n)).toMatchObject({ transactionCount: 8, depositCount: 1, messageCount: 2, status: 'executed' })
    expect(await contract().stateRoot(2n, 'latest')).toBe(node.chain.store.head().header.stateRoot)
    expect(node.chain.store.finalized()).toBe(node.chain.store.head().header.number)
  })

  it('post a canonical diff that ends with the header of the last block', async () => {
    const node = await start()
    await send(node, 2)
    await node.rollup.seal()
    const bytes = node.rollup.batches.stateDiff(1n)
    const { header, accounts } = decodeStateDiff(bytes ?? new Uint8Array())
    expect(keccak256Hex(header)).toBe(node.chain.store.head().hash)
    expect(accounts.find(({ address }) => address === alice.address)).toMatchObject({ nonce: 2n })
    expect(node.rollup.batches.batch(1n)).toMatchObject({ stateDiffBytes: bytes?.length, firstBlockNumber: 1n, lastBlockNumber: 2n })
    expect(node.rollup.batches.batchOfBlock(2n)).toBe(1n)
    expect(node.rollup.batches.batchOfBlock(3n)).toBeUndefined()
    const { lastTimestamp } = node.rollup.batches.batch(1n) ?? {}
    expect(node.rollup.batches.position(1n)).toEqual({ batchNumber: 1n, lastTimestamp, transactionsBefore: 0 })
    expect(node.rollup.batches.position(2n)).toEqual({ batchNumber: 1n, lastTimestamp, transactionsBefore: 1 })
    expect(node.rollup.batches.position(3n)).toBeUndefined()
  })

  it('close by number of transactions, by number of blocks and by bytes', async () => {
    const sealedWith = async (limits: RollupNodeOptions['limits'], blocks: number): Promise<bigint[]> => {
      const own = openRollupDatabase()
      const node = await start({ database: own, ...(limits && { limits }) })
      await node.rollup.start(new AbortController().signal)
      await send(node, blocks)
      await node.rollup.seal()
      return node.rollup.batches.batches(1n, 100).map(({ lastBlockNumber, firstBlockNumber }) => lastBlockNumber - firstBlockNumber + 1n)
    }
    expect(await sealedWith({ maxTransactions: 3 }, 7)).toEqual([3n, 3n, 1n])
    expect(await sealedWith({ maxBlocks: 2 }, 4)).toEqual([2n, 2n])
    const byBytes = await sealedWith({ maxStateDiffBytes: 4_000 }, 30)
    expect(byBytes.length).toBeGreaterThan(1)
    expect(byBytes.reduce((sum, blocks) => sum + blocks)).toBe(30n)
  })

  it('close by age, and reach L1 without being told', async () => {
    const node = await start({ limits: { maxAgeMs: 1_000 } })
    const executed = Promise.withResolvers<bigint>()
    node.events.on('batch', ({ batch }) => {
      if (batch.status === 'executed') executed.resolve(batch.number)
    })
    await node.rollup.start(new AbortController().signal)
    await send(node, 1)
    expect(await executed.promise).toBe(1n)
  })

  it('grow in place of closing by age while earlier ones wait for their proofs', async () => {
    queue.immediate = false
    const node = await start({ limits: { maxAgeMs: 1, maxUnproven: 1 } })
    const sealed = [1n, 2n].map(() => Promise.withResolvers<Batch>())
    node.events.on('batch', ({ batch }) => sealed[Number(batch.number) - 1]?.resolve(batch))
    await node.rollup.start(new AbortController().signal)
    await send(node, 1)
    const first = await sealed[0]?.promise
    // Each of these blocks is older than a batch may be when the next one is sealed.
    await send(node, 5)
    await vi.waitFor(() => queue.prove(first?.digest ?? '0x'), { timeout: 20_000 })
    expect(await sealed[1]?.promise).toMatchObject({ firstBlockNumber: 2n, lastBlockNumber: 6n })
  })

  it('that could not be stored are stored later, also when nothing happens on the chain any more', async () => {
    let isFull = true
    const node = await start({
      limits: { maxBlocks: 2 },
      faults(stage) {
        if (stage === 'diff built' && isFull) throw new Error('no room')
      },
    })
    const stored = Promise.withResolvers<bigint>()
    node.events.on('batch', ({ batch }) => stored.resolve(batch.number))
    await node.rollup.start(new AbortController().signal)
    await send(node, 2)
    await expect(node.rollup.seal()).rejects.toThrow('no room')
    isFull = false
    expect(await stored.promise).toBe(1n)
    expect(await node.rollup.seal()).toBeNull()
    expect(node.rollup.settlement()).toMatchObject({ error: null })
  })

  it('are gathered again by a node that died before it stored the batch', async () => {
    let dies = true
    const faults = (stage: FaultStage): void => {
      if (stage === 'diff built' && dies) throw new Error('killed')
    }
    const node = await start({ faults })
    await send(node, 3)
    await expect(node.rollup.seal()).rejects.toThrow('killed')
    expect(node.rollup.settlement()).toMatchObject({ state: 'blocked', error: { message: 'killed' } })
    expect(node.rollup.batches.latest()).toBe(0n)
    dies = false
    const again = await start({ faults })
    expect(again.rollup.batches.open()).toMatchObject({ number: 1n, firstBlockNumber: 1n, lastBlockNumber: 3n, transactionCount: 3 })
    expect(await again.rollup.seal()).toBe(1n)
    await again.settle()
    expect(again.rollup.batches.latest('executed')).toBe(1n)
  })

  it('are built one by one: neither a pause nor a stop waits for all that are closed', async () => {
    const node = await start({ limits: { maxBlocks: 2 } })
    await send(node, 12)
    const paused = node.rollup.seal()
    const resume = await node.rollup.snapshot.pause()
    expect(node.rollup.batches.latest()).toBeLessThan(6n)
    resume()
    expect(await paused).toBe(6n)
    await send(node, 12)
    const stopped = node.rollup.seal()
    await node.stop()
    await stopped
    expect(node.rollup.batches.latest()).toBeLessThan(12n)
    const again = await start({ limits: { maxBlocks: 2 } })
    expect(await again.rollup.seal()).toBe(12n)
  })

  it('prove messages to L1: a withdrawal is paid out there, once', async () => {
    const node = await start()
    const [plain] = await send(node, 1)
    const [first, second] = await send(node, 2, withdrawal)
    expect(node.rollup.batches.messageProofs(second ?? '0x')).toBeNull()
    await node.rollup.seal()
    expect(node.rollup.batches.messageProofs(plain ?? '0x')).toEqual([])
    expect(node.rollup.batches.messageProofs(first ?? '0x')?.[0]).toMatchObject({ id: 0, txNumberInBatch: 1 })
    const [proof] = node.rollup.batches.messageProofs(second ?? '0x') ?? []
    if (proof === undefined) throw new Error('no proof')
    expect(decodeWithdrawalMessage(proof.message)).toEqual({ l1Receiver: bob.address, amount: 5n * gwei })
    expect(verifyMessageProof({ leaf: messageLeaf(proof), index: proof.id, proof: proof.proof, root: proof.root })).toBe(true)
    await node.settle()
    const args = [proof.batchNumber, BigInt(proof.id), proof.txNumberInBatch, bytesToHex(proof.message), proof.proof] as const
    const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'finalizeWithdrawal', args })
    await sendOnL1(deployment.bridge, data)
    expect(BigInt(String(await l1.provider.request({ method: 'eth_getBalance', params: [bob.address, 'latest'] })))).toBe(5n * gwei)
    const refusal = encodeErrorResult({
      abi: bridgeAbi,
      errorName: 'Bridge__AlreadyFinalized',
      args: [proof.batchNumber, BigInt(proof.id)],
    })
    const again = new L1Client(l1.provider).call({ from: testKeys.user.address, to: deployment.bridge, data })
    await expect(again).rejects.toMatchObject({ code: 'L1_REVERTED', data: refusal })
  })

  it('tell of a deposit when it came and which block credited it', async () => {
    const node = await start()
    await deposit(bob.address, 3n)
    await node.inbox.poll()
    expect(node.rollup.batches.deposit(0n)).toMatchObject({ to: bob.address, amountGwei: 3n, credited: false, l2BlockNumber: null })
    await send(node, 2)
    await deposit(bob.address, 4n)
    await node.pollInbox()
    await send(node, 2)
    expect(node.rollup.batches.deposit(0n)).toMatchObject({ credited: true, l2BlockNumber: 1n })
    expect(node.rollup.batches.deposit(1n)).toMatchObject({
      amountGwei: 4n,
      sender: testKeys.user.address.toLowerCase(),
      l2BlockNumber: 3n,
    })
    expect(node.rollup.batches.deposit(2n)).toBeUndefined()
  })
})

describe('Batches in snapshots', () => {
  it('go back with the devnet and its L1, and forward again on another branch', async () => {
    const node = await start()
    await send(node, 2)
    await node.rollup.seal()
    await node.settle()
    await send(node, 1)
    const id = await node.snapshots.take()
    await send(node, 2)
    await deposit(bob.address, 9n)
    await node.pollInbox()
    await node.rollup.seal()
    await node.settle()
    const dropped = node.rollup.batches.batch(2n)
    expect(dropped?.status).toBe('executed')

    expect(await node.snapshots.revert(id)).toBe(true)
    expect(node.rollup.batches.latest()).toBe(1n)
    expect(node.rollup.batches.open()).toMatchObject({ number: 2n, firstBlockNumber: 3n, lastBlockNumber: 3n, transactionCount: 1 })
    expect(node.inbox.count()).toBe(0n)
    expect(queue.cancelled).toContain(dropped?.digest)
    await send(node, 1, { value: 77n })
    await node.rollup.seal()
    await node.settle()
    expect(node.rollup.batches.batch(2n)).toMatchObject({ status: 'executed', lastBlockNumber: 4n })
    expect(await contract().stateRoot(2n, 'latest')).toBe(node.chain.store.head().header.stateRoot)
  })

  it('repeat on L1 the steps that the snapshot undid there, also where the prover input was freed', async () => {
    const node = await start()
    await send(node, 2)
    await node.rollup.seal()
    const id = await node.snapshots.take()
    await node.settle()
    expect(node.rollup.batches.latest('executed')).toBe(1n)
    await node.snapshots.revert(id)
    expect(node.rollup.batches.batch(1n)).toMatchObject({ status: 'sealed', commit: null })
    // As if the prover had forgotten the job too.
    queue = honestQueue(deployment)
    await node.stop()
    const again = await start()
    await again.settle()
    expect(again.rollup.batches.batch(1n)?.status).toBe('executed')
  })

  it('refuse to go below a committed batch where the L1 is not ours', async () => {
    const node = await start({ ownsL1: false })
    await send(node, 1)
    const beforeBatch = await node.snapshots.take()
    await send(node, 1)
    const afterBatch = await node.snapshots.take()
    await node.rollup.seal()
    await node.settle()
    await send(node, 1)
    await node.rollup.seal()
    expect(await node.snapshots.revert(afterBatch)).toBe(true)
    expect(node.rollup.batches.latest()).toBe(1n)
    expect(node.rollup.batches.batch(1n)?.status).toBe('executed')
    await send(node, 1, { value: 5n })
    await node.rollup.seal()
    await node.settle()
    expect(node.rollup.batches.batch(2n)?.status).toBe('executed')
    await expect(node.snapshots.revert(beforeBatch)).rejects.toMatchObject({ code: 'SNAPSHOT_BELOW_COMMITTED_BATCH' })
  })
})

describe('Batches of a rewound chain', () => {
  it('are never stored: a rewind waits for the batch that a thread builds, and drops it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-batch-builder-'))
    const onDisk = openRollupDatabase(dataDir)
    const node = await start({ database: onDisk })
    try {
      await send(node, 2)
      await node.rollup.seal()
      const id = await node.snapshots.take()
      await send(node, 60)
      const { store } = node.chain
      // More than what the node builds itself.
      const inputBytes = (from: number, to: number) =>
        Array.from({ length: to - from + 1 }, (_, i) => store.inputBytes(BigInt(from + i)) ?? 0).reduce((sum, bytes) => sum + bytes, 0)
      expect(inputBytes(3, 62)).toBeGreaterThan(2 * 2 ** 20)
      const built: Batch[] = []
      node.events.on('batch', ({ batch }) => built.push(batch))
      const sealing = node.rollup.seal()
      const reverting = node.snapshots.revert(id)
      expect([await sealing, await reverting]).toEqual([2n, true])
      expect(built.map(({ number, lastBlockNumber }) => [number, lastBlockNumber])).toEqual([[2n, 62n]])
      expect(node.rollup.batches.latest()).toBe(1n)
      expect(node.rollup.batches.open()).toMatchObject({ number: 2n, firstBlockNumber: 3n, lastBlockNumber: null })
      await send(node, 60, { value: 1n })
      expect(await node.rollup.seal()).toBe(2n)
      expect(node.rollup.batches.batch(2n)?.lastBlockHash).toBe(store.head().hash)
      await node.settle()
      expect(node.rollup.batches.batch(2n)?.status).toBe('executed')
    } finally {
      nodes = nodes.filter((other) => other !== node)
      await node.stop()
      onDisk.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  })

  it('are not stored either where somebody rewinds without waiting', async () => {
    let rewind = (): void => undefined
    const node = await start({ faults: (stage) => (stage === 'diff built' ? rewind() : undefined) })
    await send(node, 2)
    const token = await node.chain.snapshot.take()
    await send(node, 3)
    rewind = () => database.transaction(() => node.chain.snapshot.revertStored?.(token))
    await expect(node.rollup.seal()).rejects.toThrow('batch 1 was built of blocks up to 5 that the chain no longer has')
    expect(node.rollup.batches.latest()).toBe(0n)
  })
})

describe('Batches after kills', () => {
  const stages: readonly FaultStage[] = ['diff built', 'batch checked', 'commit sent', 'commit mined', 'prove sent', 'executed']

  it('hold each block once and reach L1 once, whenever the node dies', async () => {
    const kill = fc.record({ stage: fc.constantFrom(...stages), skip: fc.nat({ max: 2 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 6 }), async (kills) => {
        await l1.provider.request({ method: 'evm_revert', params: [base] })
        base = await snapshot()
        queue = honestQueue(deployment)
        const ownDatabase = openRollupDatabase()
        const plan = kills.map((planned) => ({ ...planned }))
        const faults = (stage: FaultStage): void => {
          const next = plan[0]
          if (next?.stage !== stage || next.skip-- > 0) return
          plan.shift()
          throw new Error('killed')
        }
        let node = await start({ database: ownDatabase, faults })
        for (let round = 0; round < 4; ) {
          try {
            await send(node, 1 + round)
            await node.rollup.seal()
            await node.settle()
            round++
          } catch (error) {
            expect(error).toMatchObject({ message: 'killed' })
            await node.stop()
            node = await start({ database: ownDatabase, faults })
          }
        }
        const latest = node.rollup.batches.latest()
        expect(node.rollup.batches.latest('executed')).toBe(latest)
        const batches = node.rollup.batches.batches(0n, Number(latest) + 1)
        for (const [index, batch] of batches.slice(1).entries()) {
          expect(batch.firstBlockNumber).toBe((batches[index]?.lastBlockNumber ?? 0n) + 1n)
        }
        expect(batches.at(-1)?.lastBlockNumber).toBe(node.chain.store.head().header.number)
        expect(await contract().stateRoot(latest, 'latest')).toBe(node.chain.store.head().header.stateRoot)
        const [topic] = encodeEventTopics({ abi: rollupAbi, eventName: 'BatchCommitted' })
        const client = new L1Client(l1.provider)
        const query = { address: deployment.rollup, fromBlock: 0n, toBlock: await client.blockNumber(), topics: [topic] }
        expect((await client.logs(query)).map(({ topics }) => BigInt(topics[1] ?? 0))).toEqual(batches.map(({ number }) => number))
      }),
      { numRuns: 10 },
    )
  })
})

describe('The digest', () => {
  it('is the one that the contract computes', async () => {
    const node = await start()
    await deposit(bob.address, 1n)
    await node.pollInbox()
    await send(node, 2, withdrawal)
    await node.rollup.seal()
    const [previous, batch] = node.rollup.batches.batches(0n, 2)
    if (previous === undefined || batch === undefined) throw new Error('not sealed')
    const stateDiff = bytesToHex(node.rollup.batches.stateDiff(1n) ?? new Uint8Array())
    const data = encodeFunctionData({ abi: rollupAbi, functionName: 'digestOf', args: [previous, { ...batch, isDev: false, stateDiff }] })
    expect(await new L1Client(l1.provider).call({ to: deployment.rollup, data })).toBe(batch.digest)
  })
})
