import { encodeDeployData, encodeFunctionData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attestedVerifierAbi, attestedVerifierBytecode, type Deployment, rollupAbi } from '../../contracts/index.ts'
import type { GuestExecutor, Hex } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { testGuest } from '../../prover/testing/test-guest.ts'
import { BatchStore } from '../batches/batch-store.ts'
import { recoverFromL1 } from '../recover/recover-from-l1.ts'
import { account, sign } from '../testing/test-chain.ts'
import { L1Client } from './l1-client.ts'
import { RollupContract } from './rollup-contract.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './testing/in-process-l1.ts'
import { MemoryProofQueue } from './testing/memory-proof-queue.ts'
import {
  attestedBackend,
  deployForTestGenesis,
  openRollupDatabase,
  type RollupNode,
  startRollupNode,
  testGenesis,
} from './testing/rollup-node.ts'
import { silentLog } from './testing/silent-log.ts'
import { VirtualTimers } from './testing/virtual-timers.ts'

const newProgram: Hex = `0x${'0e'.repeat(32)}`
const newGuest: GuestExecutor = { programId: newProgram, run: (input, options) => testGuest.run(input, options) }
const signal = new AbortController().signal
const alice = account(0)
const owner = privateKeyToAccount(testKeys.deployer).address

let l1: InProcessL1
let deployment: Deployment
let nodes: RollupNode[]
let databases: DevnetDatabase[]
let queues: Map<Hex, MemoryProofQueue>
beforeEach(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
  nodes = []
  databases = []
  queues = new Map()
})
afterEach(async () => {
  for (const node of nodes) await node.stop()
  for (const database of databases) database.close()
  await l1.close()
})

function newDatabase(): DevnetDatabase {
  const database = openRollupDatabase()
  databases.push(database)
  return database
}

async function start(database: DevnetDatabase, guest = testGuest as GuestExecutor, verifier = deployment.verifier): Promise<RollupNode> {
  const upgraded = { ...deployment, verifier }
  const node = await startRollupNode({ database, provider: l1.provider, deployment: upgraded, queue: queueOf(upgraded), guest })
  nodes.push(node)
  return node
}

/** Survives a restart; its agents have both programs. */
function queueOf(upgraded: Deployment): MemoryProofQueue {
  const known = queues.get(upgraded.verifier)
  if (known !== undefined) return known
  const backends = [testGuest, newGuest].map((guest) => attestedBackend(upgraded, guest))
  const queue = new MemoryProofQueue((request) => {
    const backend = backends.find(({ programId }) => programId === request.programId)
    if (backend === undefined) throw new Error(`no agent has the program ${request.programId}`)
    return backend.prove(request, { signal })
  })
  queues.set(upgraded.verifier, queue)
  return queue
}

async function sealBatch(node: RollupNode): Promise<bigint> {
  await node.chain.pool.submit(sign({ from: alice, nonce: node.chain.pool.nextNonce(alice.address) }))
  return (await node.rollup.seal()) ?? 0n
}

const byOwner = (transaction: { to?: Hex; data: Hex }) =>
  l1.provider.request({ method: 'eth_sendTransaction', params: [{ from: owner, gas: '0x989680', ...transaction }] }) as Promise<Hex>
const upgradeCall = (functionName: 'cancelUpgrade' | 'executeUpgrade'): { to: Hex; data: Hex } => ({
  to: deployment.rollup,
  data: encodeFunctionData({ abi: rollupAbi, functionName }),
})
const schedule = (verifier: Hex) =>
  byOwner({
    to: deployment.rollup,
    data: encodeFunctionData({ abi: rollupAbi, functionName: 'scheduleUpgrade', args: [newProgram, verifier] }),
  })
async function execute(): Promise<void> {
  await l1.provider.request({ method: 'evm_increaseTime', params: [7 * 86_400] })
  await byOwner(upgradeCall('executeUpgrade'))
}
async function deployVerifier(): Promise<Hex> {
  const data = encodeDeployData({ abi: attestedVerifierAbi, bytecode: attestedVerifierBytecode, args: [testKeys.attester.address] })
  const hash = await byOwner({ data })
  const receipt = (await l1.provider.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as { contractAddress: Hex }
  return receipt.contractAddress.toLowerCase() as Hex
}
const onL1 = () => new RollupContract(new L1Client(l1.provider), deployment.rollup).progress('latest')

describe('an upgrade of the rollup', () => {
  it('is shown while it waits, and until it is given up', async () => {
    const node = await start(newDatabase())
    await node.rollup.synchronize()
    expect(node.rollup.status().upgrade).toBeNull()
    await schedule(deployment.verifier)
    await node.settle()
    expect(node.rollup.status().upgrade).toMatchObject({ programId: newProgram, verifier: deployment.verifier })
    expect(node.rollup.status().upgrade?.earliest).toBeGreaterThan(0n)
    expect(node.rollup.sealingStop()).toBeNull()
    await byOwner(upgradeCall('cancelUpgrade'))
    await node.settle()
    expect(node.rollup.status().upgrade).toBeNull()
  })

  it('stops a running node of the old program before it commits anything, and a node of the new one goes on where it was', async () => {
    const database = newDatabase()
    const old = await start(database)
    await sealBatch(old)
    await old.settle()
    expect(await onL1()).toEqual({ lastCommitted: 1n, lastProven: 1n, lastExecuted: 1n })
    const verifier = await deployVerifier()
    await schedule(verifier)
    await execute()
    await sealBatch(old)
    while (await old.rollup.check(signal));
    await expect(old.rollup.advance(signal)).rejects.toMatchObject({ code: 'PROGRAM_MISMATCH' })
    expect(old.rollup.sealingStop()).toMatchObject({ code: 'PROGRAM_MISMATCH' })
    await expect(sealBatch(old)).rejects.toMatchObject({ code: 'PROGRAM_MISMATCH' })
    expect((await onL1()).lastCommitted).toBe(1n)

    const next = await start(database, newGuest, verifier)
    await next.rollup.synchronize()
    expect(next.rollup.batches.batch(2n)).toMatchObject({ status: 'sealed', programId: newProgram })
    expect(next.rollup.batches.batch(1n)).toMatchObject({ programId: testGuest.programId })
    await sealBatch(next)
    await next.settle()
    expect(await onL1()).toEqual({ lastCommitted: 3n, lastProven: 3n, lastExecuted: 3n })

    // L1 tells which program each batch was under.
    const recovered = newDatabase()
    await recoverFromL1(
      {
        ...{ contracts: deployment, deployBlock: deployment.deployBlock, genesis: testGenesis, proofType: 'attested' },
        ...{ maxLogRange: 10n, pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n },
      },
      { database: recovered, l1: l1.provider, account: testKeys.sequencer, timers: new VirtualTimers(), log: silentLog, signal },
    )
    const again = await start(recovered, newGuest, verifier)
    await again.rollup.synchronize()
    const programs = [1n, 2n, 3n].map((number) => again.rollup.batches.batch(number)?.programId)
    expect(programs).toEqual([testGuest.programId, newProgram, newProgram])
  })

  it('proves batches anew that were proven for the old program and taken back', async () => {
    const database = newDatabase()
    const old = await start(database)
    await sealBatch(old)
    while (await old.rollup.check(signal));
    await old.rollup.advance(signal) // commits
    expect((await onL1()).lastCommitted).toBe(1n)
    const { digest, programId } = old.rollup.batches.batch(1n) ?? { digest: newProgram, programId: newProgram }
    const input = new BatchStore(database).proverInput(1n) ?? new Uint8Array()
    await queueOf(deployment).enqueue({ digest, programId, batchNumber: 1n, input })
    expect(await queueOf(deployment).result(digest)).toMatchObject({ programId: testGuest.programId })
    await byOwner({ to: deployment.rollup, data: encodeFunctionData({ abi: rollupAbi, functionName: 'revertBatches', args: [0n] }) })
    await schedule(deployment.verifier)
    await execute()
    const next = await start(database, newGuest)
    await next.rollup.synchronize()
    await next.settle()
    expect(await onL1()).toEqual({ lastCommitted: 1n, lastProven: 1n, lastExecuted: 1n })
    expect(next.rollup.batches.batch(1n)).toMatchObject({ status: 'executed', programId: newProgram })
  })

  it('to another verifier alone asks for a restart', async () => {
    const database = newDatabase()
    const node = await start(database)
    const verifier = await deployVerifier()
    await byOwner({
      to: deployment.rollup,
      data: encodeFunctionData({ abi: rollupAbi, functionName: 'scheduleUpgrade', args: [testGuest.programId, verifier] }),
    })
    await execute()
    await expect(node.rollup.advance(signal)).rejects.toMatchObject({ code: 'VERIFIER_REPLACED' })
    const restarted = await start(database, testGuest, verifier)
    await restarted.rollup.synchronize()
    await sealBatch(restarted)
    await restarted.settle()
    expect((await onL1()).lastExecuted).toBe(1n)
  })
})
