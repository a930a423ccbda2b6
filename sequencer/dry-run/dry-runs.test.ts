import { createAddressFromString } from '@ethereumjs/util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Deployment } from '../../contracts/index.ts'
import {
  bigintToBytes,
  GuestCrashedError,
  type GuestExecutor,
  GuestFaultError,
  type GuestRun,
  type Hex,
  hexToBytes,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { testGuest } from '../../prover/testing/test-guest.ts'
import { createL2Common, WorldState } from '../../stf/index.ts'
import { initCode, storeCode } from '../../stf/testing/contracts.ts'
import { L1Client } from '../settlement/l1-client.ts'
import { RollupContract } from '../settlement/rollup-contract.ts'
import { type InProcessL1, startInProcessL1 } from '../settlement/testing/in-process-l1.ts'
import {
  deployForTestGenesis,
  honestQueue,
  openRollupDatabase,
  type RollupNode,
  type RollupNodeOptions,
  startRollupNode,
} from '../settlement/testing/rollup-node.ts'
import { account, sign, testChainId } from '../testing/test-chain.ts'

const alice = account(0)
const victim: Hex = `0x${'5c'.repeat(20)}`
const { signal } = new AbortController()

let l1: InProcessL1
let deployment: Deployment
let base: unknown
let database: DevnetDatabase
let nodes: RollupNode[]

const snapshot = () => l1.provider.request({ method: 'evm_snapshot' })

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
  nodes = []
  return async () => {
    for (const node of nodes) await node.stop()
    database.close()
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function start(options: Partial<RollupNodeOptions> = {}): Promise<RollupNode> {
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue: honestQueue(deployment), ...options })
  nodes.push(node)
  return node
}

const send = (node: RollupNode, fields: Record<string, unknown> = {}): Promise<Hex> =>
  node.chain.pool.submit(sign({ from: alice, nonce: node.chain.pool.nextNonce(alice.address), ...fields }))

const committed = async (): Promise<bigint> =>
  (await new RollupContract(new L1Client(l1.provider), deployment.rollup).progress('latest')).lastCommitted

/** A run that the guest never made. */
const invented: GuestRun = {
  exitCode: 0,
  exitMeaning: 'the batch was executed and its digest committed',
  digest: `0x${'ab'.repeat(32)}`,
  cycles: 5,
  weightedCycles: 6,
  syscallCounts: {},
  log: [],
  durationMs: 1,
}

function guestThat(run: GuestExecutor['run']): GuestExecutor & { readonly inputs: Uint8Array[] } {
  const inputs: Uint8Array[] = []
  return {
    programId: testGuest.programId,
    inputs,
    run(input, options) {
      inputs.push(input)
      return run(input, options)
    },
  }
}

/** Lets what the sequencer commits at the end of each block be something else than what it executed. */
function tamper(change: (state: WorldState) => void): void {
  const commitBlock = WorldState.prototype.commitBlock
  vi.spyOn(WorldState.prototype, 'commitBlock').mockImplementation(function (this: WorldState) {
    change(this)
    return commitBlock.call(this)
  })
}

/** Reads are answered, transactions are refused, and L1 has nothing of the batch. */
async function expectStopped(node: RollupNode, reason: RegExp): Promise<void> {
  const refusal = expect.objectContaining({ code: 'BATCH_DIVERGED', message: expect.stringMatching(reason) })
  const head = node.chain.store.head().header.number
  await expect(send(node)).rejects.toThrow(refusal)
  await expect(node.chain.sealing.mine()).rejects.toThrow(refusal)
  await node.chain.depositsArrived()
  expect(node.chain.store.head().header.number).toBe(head)
  expect(node.chain.pool.pending()).toEqual([])
  expect(node.chain.store.stateAt(head - 1n).account(alice.address).nonce).toBeGreaterThan(0n)
  expect(node.rollup.settlement()).toMatchObject({ state: 'blocked', error: { code: 'BATCH_DIVERGED' } })
  expect(node.rollup.sealingStop()).toEqual(refusal)
  await node.settle()
  expect(await committed()).toBe(1n)
}

/** Batch 1 is honest and settled, then the sequencer errs in block 3, and batch 2 is sealed over that. */
async function err(node: RollupNode, mistake: () => void, fields: Record<string, unknown> = {}): Promise<readonly string[]> {
  await send(node)
  await node.rollup.seal()
  await node.settle()
  await send(node)
  mistake()
  await send(node, fields)
  vi.restoreAllMocks()
  await node.rollup.seal()
  await node.rollup.check(signal)
  return node.rollup.settlement().error?.metaMessages ?? []
}

describe('A batch that the sequencer executed wrongly', () => {
  it('stops the node, which names the account and both balances', async () => {
    const node = await start()
    const details = await err(node, () =>
      tamper((state) => void state.modifyAccountFields(createAddressFromString(victim), { balance: 7n })),
    )
    await expectStopped(node, /batch 2: block 3 has stateRoot 0x[0-9a-f]{64} for the guest, 0x[0-9a-f]{64} for the sequencer/)
    expect(details).toContain(`account ${victim}, balance: unchanged (guest), 7 (sequencer)`)
    expect(details.filter((line) => line.startsWith('account '))).toHaveLength(1)
  })

  it('stops the node, which names the slot and both values', async () => {
    const node = await start()
    const contract: Hex = '0x6b12f8a24f6a72b5e2f0cd2a77ec1b16cf4e5a5c'
    const key = bigintToBytes(9n, 32)
    const details = await err(node, () => {
      tamper((state) => {
        const address = createAddressFromString(contract)
        void state.modifyAccountFields(address, { balance: 1n })
        void state.putStorage(address, key, hexToBytes('0x2a'))
      })
    })
    await expectStopped(node, /block 3 has stateRoot/)
    expect(details).toContain(`account ${contract}, slot 0x9: unchanged (guest), 0x2a (sequencer)`)
  })

  it('stops the node, which names the transaction and both amounts of gas', async () => {
    const node = await start()
    const prototype = Object.getPrototypeOf(createL2Common(testChainId))
    const { param } = prototype
    const details = await err(
      node,
      () => {
        vi.spyOn(prototype, 'param').mockImplementation(function (this: unknown, ...args: unknown[]) {
          const [name] = args
          return param.call(this, name) + (name === 'createGas' || name === 'txCreationGas' ? 1n : 0n)
        })
      },
      { to: undefined, data: initCode(storeCode), gasLimit: 500_000n },
    )
    const receipt = node.chain.store.receipts(3n)[0]
    const gas = receipt?.gasUsed ?? 0n
    await expectStopped(node, new RegExp(`block 3 has gasUsed ${gas - 1n} for the guest, ${gas} for the sequencer`))
    expect(details).toContain(`transaction 0 (${receipt?.transactionHash}): gas used ${gas - 1n} (guest), ${gas} (sequencer)`)
    expect(details).toContainEqual(
      expect.stringMatching(new RegExp(`account ${alice.address}, balance: \\d+ \\(guest\\), \\d+ \\(sequencer\\)`)),
    )
  })

  it('stops the node, which says so where only the root is wrong', async () => {
    const node = await start()
    const commitBlock = WorldState.prototype.commitBlock
    const details = await err(node, () => {
      vi.spyOn(WorldState.prototype, 'commitBlock').mockImplementation(function (this: WorldState) {
        return { ...commitBlock.call(this), stateRoot: `0x${'ee'.repeat(32)}` }
      })
    })
    // No account can be read at that root.
    const reason = /block 3 has stateRoot 0x[0-9a-f]{64} for the guest, 0x(ee){32} for the sequencer/
    expect(node.rollup.sealingStop()).toMatchObject({ code: 'BATCH_DIVERGED', message: expect.stringMatching(reason) })
    await node.settle()
    expect(await committed()).toBe(1n)
    expect(details[0]).toMatch(/no receipt, account or slot differs/)
  })
})

describe('A guest that does not agree', () => {
  it('with the digest is told apart by the words of the public inputs', async () => {
    const honest = await start()
    await send(honest)
    await honest.rollup.seal()
    const guest = guestThat(async (input, options) => {
      const run = await testGuest.run(input, options)
      const log = run.log.map((entry) => (entry.bytes.length === 608 ? { ...entry, bytes: entry.bytes.with(18 * 32 + 31, 1) } : entry))
      return { ...run, digest: invented.digest, log }
    })
    const node = await start({ guest })
    await node.rollup.check(signal)
    expect(node.rollup.sealingStop()?.message).toContain('every block holds, but the batch has another messagesRoot')
    expect(node.rollup.sealingStop()?.metaMessages).toContain(
      `messagesRoot: 0x${'00'.repeat(31)}01 (guest), 0x${'00'.repeat(32)} (sequencer)`,
    )
  })

  it.each<[string, GuestExecutor['run'], RegExp]>([
    ['gives another digest and no reason', async () => invented, /another one, and does not say why/],
    ['refuses without a word', async () => ({ ...invented, exitCode: 2, exitMeaning: 'it has a bug', digest: null }), /it has a bug/],
    ['faults', () => Promise.reject(new GuestFaultError('it jumped to nowhere.')), /no run of it comes to an end: it jumped to nowhere\./],
  ])('stops the node where it %s', async (_, run, reason) => {
    const honest = await start()
    await send(honest)
    await honest.rollup.seal()
    await honest.settle()
    const node = await start({ guest: guestThat(run) })
    await send(node)
    await node.rollup.seal()
    await node.rollup.check(signal)
    await expectStopped(node, reason)
    expect(await node.rollup.check(signal)).toBe(false)
  })

  it('is remembered over a restart, looked at again, and believed when it agrees', async () => {
    const first = await start({ guest: guestThat(async () => invented) })
    await send(first)
    await first.rollup.seal()
    await first.rollup.check(signal)
    await first.stop()

    const stubborn = guestThat(async () => invented)
    const second = await start({ guest: stubborn })
    await expect(send(second)).rejects.toThrow(expect.objectContaining({ code: 'BATCH_DIVERGED' }))
    expect(await second.rollup.check(signal)).toBe(true)
    expect(stubborn.inputs).toHaveLength(1)
    await expect(send(second)).rejects.toThrow(expect.objectContaining({ code: 'BATCH_DIVERGED' }))
    await second.settle()
    expect(await committed()).toBe(0n)
    await second.stop()

    const mended = await start()
    await expect(send(mended)).rejects.toThrow(expect.objectContaining({ code: 'BATCH_DIVERGED' }))
    await mended.settle()
    expect(await committed()).toBe(1n)
    await send(mended)
    expect(mended.rollup.settlement().error).toBeNull()
  })

  it('because the batch is too much for it says so, blames nobody, and is asked once per process', async () => {
    const tooMuch = new GuestFaultError('the batch needs more memory than the machine has', { isLimit: true })
    const guest = guestThat(() => Promise.reject(tooMuch))
    const node = await start({ guest })
    await send(node)
    await node.rollup.seal()
    await node.settle()
    const stop = {
      code: 'BATCH_TOO_LARGE',
      message: expect.stringContaining('Batch 1 is more than the guest can execute: the batch needs'),
    }
    expect(node.rollup.sealingStop()).toMatchObject(stop)
    await expect(send(node)).rejects.toThrow(expect.objectContaining(stop))
    expect([guest.inputs.length, await committed()]).toEqual([1, 0n])
    await node.stop()
    const again = await start({ guest })
    expect(again.rollup.sealingStop()).toMatchObject(stop)
    await again.settle()
    expect(guest.inputs).toHaveLength(2)
  })

  it('is forgotten with a batch that a snapshot takes back', async () => {
    const node = await start({ guest: guestThat(async () => invented) })
    const id = await node.snapshots.take()
    await send(node)
    await node.rollup.seal()
    await node.rollup.check(signal)
    await expect(send(node)).rejects.toThrow(expect.objectContaining({ code: 'BATCH_DIVERGED' }))
    expect(await node.snapshots.revert(id)).toBe(true)
    expect(node.rollup.sealingStop()).toBeNull()
    await send(node)
  })

  it('keeps the batches after it from L1 too, and lets those before it pass', async () => {
    let runs = 0
    const node = await start({
      guest: guestThat((input, options) => (runs++ === 0 ? testGuest.run(input, options) : Promise.resolve(invented))),
    })
    for (let batch = 1; batch <= 3; batch++) {
      await send(node)
      await node.rollup.seal()
    }
    await node.settle()
    expect(runs).toBe(2)
    expect(await committed()).toBe(1n)
    expect(node.rollup.batches.latest('executed')).toBe(1n)
  })
})

describe('A guest that agrees', () => {
  it('is asked once per batch, also by later processes, and tells what each transaction took', async () => {
    const guest = guestThat((input, options) => testGuest.run(input, options))
    const node = await start({ guest })
    const transfer = await send(node)
    const creation = await send(node, { to: undefined, data: initCode(storeCode), gasLimit: 500_000n })
    expect(node.rollup.batches.transactionCycles(transfer)).toBeUndefined()
    await node.rollup.seal()
    expect(node.rollup.batches.batchCycles(1n)).toBeUndefined()
    await node.settle()
    const batch = node.rollup.batches.batchCycles(1n)
    const [small, large] = [transfer, creation].map((hash) => node.rollup.batches.transactionCycles(hash))
    expect(small).toMatchObject({ batchNumber: 1n })
    expect(small?.cycles).toBeGreaterThan(10_000)
    expect(small?.weightedCycles).toBeGreaterThan(small?.cycles ?? 0)
    expect(large?.weightedCycles).toBeGreaterThan(small?.weightedCycles ?? 0)
    expect((small?.cycles ?? 0) + (large?.cycles ?? 0)).toBeLessThan(batch?.cycles ?? 0)
    await node.stop()
    const again = await start({ guest })
    await again.settle()
    expect(guest.inputs).toHaveLength(1)
    expect(again.rollup.batches.transactionCycles(transfer)).toEqual(small)
  })

  it('teaches what blocks cost, and batches close before the limit', async () => {
    const node = await start()
    await send(node)
    await node.rollup.seal()
    await node.settle()
    await send(node)
    const perBlock = node.rollup.batches.open().estimatedCycles
    const measured = node.rollup.batches.batchCycles(1n)?.weightedCycles ?? 0
    expect(perBlock).toBeGreaterThan(0)
    expect(perBlock).toBeLessThan(2 * measured)
    await node.stop()
    const limited = await start({ limits: { maxCycles: 3 * perBlock } })
    for (let sent = 0; sent < 6; sent++) await send(limited)
    await limited.rollup.seal()
    expect(limited.rollup.batches.batches(2n, 9).map(({ transactionCount }) => transactionCount)).toEqual([3, 3, 1])
    await limited.settle()
    for (const number of [2n, 3n]) expect(limited.rollup.batches.batchCycles(number)?.weightedCycles).toBeLessThanOrEqual(4 * perBlock)
  })

  it('may take its time: the status says how far it is, and sealing and reads go on', async () => {
    const mayEnd = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const guest = guestThat(async (input, options) => {
      options.onProgress?.(13e9)
      begun.resolve()
      await mayEnd.promise
      return testGuest.run(input, options)
    })
    const node = await start({ guest })
    await send(node)
    await node.rollup.seal()
    expect(node.rollup.settlement().checking).toBeNull()
    const settled = node.settle()
    await begun.promise
    expect(node.rollup.settlement()).toMatchObject({ state: 'running', error: null, checking: { batchNumber: 1n, cycles: 13e9 } })
    expect(node.rollup.sealingStop()).toBeNull()
    await send(node)
    expect(node.chain.store.head().header.number).toBe(2n)
    expect(await committed()).toBe(0n)
    mayEnd.resolve()
    await settled
    expect(node.rollup.settlement().checking).toBeNull()
    expect(await committed()).toBe(1n)
  })

  it('is asked again after its thread broke down', async () => {
    let runs = 0
    const guest = guestThat((input, options) =>
      runs++ === 0 ? Promise.reject(new GuestCrashedError('out of memory')) : testGuest.run(input, options),
    )
    const node = await start({ guest })
    await send(node)
    await node.rollup.seal()
    await expect(node.rollup.check(signal)).rejects.toThrow(expect.objectContaining({ code: 'GUEST_CRASHED' }))
    expect(node.rollup.sealingStop()).toBeNull()
    await node.settle()
    expect(await committed()).toBe(1n)
  })
})
