import { parseTransaction } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Deployment, type SessionParts, sessionCalls, transactionLimits } from '../../contracts/index.ts'
import type { Hex, L1Verification, Proof } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { cutStark, StarkBackend } from '../../prover/backend/stark.ts'
import { StarkThread } from '../../prover/backend/stark-thread.ts'
import { provenProgram, smallParameters } from '../../prover/testing/proven-program.ts'
import { batchesMigrations } from '../batches/migrations.ts'
import { L1Client } from './l1-client.ts'
import { settlementMigrations } from './migrations.ts'
import { RollupContract } from './rollup-contract.ts'
import { deployTestRollup, inventedGenesis } from './testing/deployed-rollup.ts'
import { FlakyProvider } from './testing/flaky-provider.ts'
import { type InProcessL1, startInProcessL1, testKeys } from './testing/in-process-l1.ts'
import { MemoryProofQueue } from './testing/memory-proof-queue.ts'
import { SettlementNode } from './testing/settlement-node.ts'

/** So that a session has some transactions even with few queries. */
const maxBytes = 30_000
const { genesis, genesisDiff } = inventedGenesis()

let program: Awaited<ReturnType<typeof provenProgram>>
let thread: StarkThread
let l1: InProcessL1
let deployment: Deployment
let base: unknown
let database: DevnetDatabase
let flaky: FlakyProvider
let queue: MemoryProofQueue
/** By digest: proving takes seconds, and the same batches come again. */
const proofs = new Map<Hex, Proof>()

const sessionOf = (proof: Proof): Promise<SessionParts> => cutStark(proof, maxBytes, thread)

beforeAll(async () => {
  program = await provenProgram()
  const { elf, description, programId, guest } = program
  thread = new StarkThread({ elf, description, parameters: smallParameters, threads: 0 })
  const backend = new StarkBackend({ programId, maxMemoryGiB: 1 }, { guest, thread, clock: { nowMs: () => performance.now() } })
  queue = new MemoryProofQueue(async (request) => {
    const known = proofs.get(request.digest)
    if (known !== undefined) return known
    const proof = await backend.prove(request, { signal: new AbortController().signal })
    if (!('type' in proof)) throw new Error('a plan, not a proof')
    proofs.set(request.digest, proof)
    return proof
  })
  l1 = await startInProcessL1()
  deployment = await deployTestRollup(l1.provider, {
    ...{ genesis, genesisDiff, programId },
    verifier: { proofType: 'stark', parameters: smallParameters },
  })
  base = await l1.provider.request({ method: 'evm_snapshot' })
}, 120_000)

afterAll(async () => {
  await thread.close()
  await program.guest.close()
  await l1.close()
})

beforeEach(async () => {
  await l1.provider.request({ method: 'evm_revert', params: [base] })
  base = await l1.provider.request({ method: 'evm_snapshot' })
  database?.close()
  database = openMemoryDatabase({ migrations: [batchesMigrations, settlementMigrations] })
  flaky = new FlakyProvider(l1.provider)
})

function newNode(cut = sessionOf): SettlementNode {
  const { programId } = program
  const node = new SettlementNode({ database, provider: flaky, deployment, queue, sessionOf: cut, programId })
  if (node.store.latest() === undefined) {
    const nothing = { devReasons: [], transactionCount: 0, depositCount: 0, sealedAtMs: 0, messages: [], proverInput: null }
    node.store.add({ ...genesis, ...nothing, proofType: 'stark', stateDiff: genesisDiff })
  }
  return node
}

/** What the node sent to the verifier, by the call's first bytes. */
const sentToVerifier = (): readonly Hex[] =>
  flaky.sent.flatMap((raw) => {
    const { to, data } = parseTransaction(raw as Hex)
    return to?.toLowerCase() === deployment.verifier && data !== undefined ? [data] : []
  })

const progress = () => new RollupContract(new L1Client(l1.provider), deployment.rollup).progress('latest')

/** The calls of the session of the newest batch's proof. */
async function callsOf({ newest }: Pick<SettlementNode, 'newest'>): Promise<readonly Hex[]> {
  const proof = proofs.get(newest().digest)
  if (proof === undefined) throw new Error('no proof')
  return sessionCalls(await sessionOf(proof)).map(({ data }) => data)
}

/** What those transactions called; fails where the gas is not theirs. */
async function inputsOf(verification: readonly L1Verification[]): Promise<readonly (Hex | undefined)[]> {
  const client = new L1Client(l1.provider)
  return await Promise.all(
    verification.map(async ({ txHash, gasUsed }) => {
      expect((await client.receipt(txHash))?.gasUsed).toBe(gasUsed)
      return (await client.transaction(txHash))?.input
    }),
  )
}

describe('SessionRegistrar', () => {
  it('has a proof verified in transactions that any L1 takes, and the batch executed', async () => {
    const node = newNode()
    node.seal(1)
    await node.settle()
    expect(await progress()).toEqual({ lastCommitted: 1n, lastProven: 1n, lastExecuted: 1n })
    const calls = await callsOf({ newest: () => node.newest() })
    expect(calls.length).toBeGreaterThanOrEqual(3)
    expect(sentToVerifier()).toEqual(calls)
    const { verification, proofSegments, proofBytes } = node.newest()
    expect(verification).toHaveLength(calls.length)
    expect({ proofSegments, proofBytes }).toEqual({ proofSegments: 1, proofBytes: proofs.get(node.newest().digest)?.bytes.length })
    for (const raw of flaky.sent) expect(raw.length / 2 - 1).toBeLessThanOrEqual(transactionLimits.bytes)
    for (const { gasUsed } of verification) expect(gasUsed).toBeLessThanOrEqual(transactionLimits.gas)
  }, 120_000)

  it.each(['lost', 'answer lost'] as const)(
    'goes on after a crash at each of its transactions (%s)',
    async (disturbance) => {
      let node = newNode()
      node.seal(1)
      await queue.enqueue({
        digest: node.newest().digest,
        programId: program.programId,
        batchNumber: 1n,
        input: node.store.proverInput(1n) as Uint8Array,
      })
      const calls = await callsOf({ newest: () => node.newest() })
      let armed = true
      flaky.disturb = (method, [raw]) => {
        if (method !== 'eth_sendRawTransaction' || parseTransaction(raw as Hex).to?.toLowerCase() !== deployment.verifier) return 'none'
        armed = !armed
        return armed ? 'none' : disturbance
      }
      let crashes = 0
      for (;;) {
        try {
          await node.settle()
          break
        } catch {
          crashes++
          node = newNode()
        }
      }
      expect(crashes).toBeGreaterThanOrEqual(calls.length / 2)
      expect((await progress()).lastExecuted).toBe(1n)
      // What a crash interrupted goes out again as the same bytes; nothing else is sent twice.
      expect(new Set(flaky.sent.filter((raw) => parseTransaction(raw as Hex).to?.toLowerCase() === deployment.verifier)).size).toBe(
        calls.length,
      )
      expect([...new Set(sentToVerifier())]).toEqual(calls)
      // Also what was mined when nobody was there to note it.
      expect(await inputsOf(node.newest().verification)).toEqual(calls)
    },
    120_000,
  )

  it('does not send again what others have sent', async () => {
    const node = newNode()
    node.seal(1)
    await queue.enqueue({
      digest: node.newest().digest,
      programId: program.programId,
      batchNumber: 1n,
      input: node.store.proverInput(1n) as Uint8Array,
    })
    const calls = await callsOf({ newest: () => node.newest() })
    for (const data of calls.slice(0, 2)) {
      await l1.provider.request({
        method: 'eth_sendTransaction',
        params: [{ from: testKeys.user.address, to: deployment.verifier, data, gas: `0x${transactionLimits.gas.toString(16)}` }],
      })
    }
    await node.settle()
    expect(sentToVerifier()).toEqual(calls.slice(2))
    expect((await progress()).lastExecuted).toBe(1n)
    expect(await inputsOf(node.newest().verification)).toEqual(calls)
  }, 120_000)

  it('sends nothing of a proof that L1 would refuse, and says why it waits', async () => {
    const node = newNode((proof) => sessionOf({ ...proof, bytes: proof.bytes.map((byte, index) => (index === 30_000 ? byte ^ 1 : byte)) }))
    node.seal(1)
    await expect(node.settle()).rejects.toMatchObject({ code: 'INVALID_PROOF' })
    expect(sentToVerifier()).toEqual([])
    expect((await progress()).lastProven).toBe(0n)
  }, 120_000)

  it('does not get a batch through with the proof of another', async () => {
    const node = newNode()
    node.seal(2)
    const [first, second] = node.store.batches(1n, 2)
    const other = newNode((proof) => sessionOf({ ...(proofs.get(first?.digest ?? '0x') ?? proof), digest: first?.digest ?? proof.digest }))
    queue.immediate = false
    try {
      await node.settle()
      for (const digest of [first?.digest, second?.digest]) await queue.prove(digest as Hex)
      // The first batch's proof is verified for both, but the fact of the second one is never registered.
      await expect(other.settle()).rejects.toMatchObject({ code: 'L1_REVERTED', contractError: 'Rollup__FactNotRegistered' })
      expect((await progress()).lastProven).toBe(1n)
    } finally {
      queue.immediate = true
    }
  }, 120_000)
})
