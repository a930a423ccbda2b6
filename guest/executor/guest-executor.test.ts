import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeGuestLog, type Hex, headerFieldNames } from '../../core/index.ts'
import { buildBatch, requestOfBatch, type TestBatch } from '../../prover/testing/batch-fixture.ts'
import { decodeBlock, encodeBlock } from '../../stf/index.ts'
import { assemble } from '../../zkvm/isa/testing/make-elf.ts'
import { guestProgram } from '../program.ts'
import { WorkerGuestExecutor } from './guest-executor.ts'

const never = new AbortController().signal
const maxCycles = 1e9
const programId: Hex = `0x${'01'.repeat(32)}`

const executors: WorkerGuestExecutor[] = []
function executorOf(elf: Uint8Array, idleMs = 60_000): WorkerGuestExecutor {
  const executor = new WorkerGuestExecutor({ program: { elf, programId }, idleMs })
  executors.push(executor)
  return executor
}
afterAll(async () => {
  for (const executor of executors) await executor.close()
})

describe('the guest in its thread', () => {
  let batch: TestBatch
  let guest: WorkerGuestExecutor
  beforeAll(async () => {
    batch = await buildBatch()
    guest = executorOf(guestProgram().elf)
  })

  const reportOf = async (block: number, header: Partial<ReturnType<typeof decodeBlock>['header']>) => {
    const { blocks } = batch.input
    const honest = decodeBlock(blocks[block] ?? new Uint8Array())
    const forged = encodeBlock({ ...honest, header: { ...honest.header, ...header } })
    const run = await guest.run(requestOfBatch(batch, { input: { blocks: blocks.with(block, forged) } }).input, {
      maxCycles,
      signal: never,
    })
    expect(run.digest).toBeNull()
    return { run, report: decodeGuestLog(run.log), honest: honest.header }
  }

  it('gives the digest of a batch, and what each block and transaction took', async () => {
    const { digest, input } = requestOfBatch(batch)
    const run = await guest.run(input, { maxCycles, signal: never })
    expect(run).toMatchObject({ exitCode: 0, digest })
    expect(run.weightedCycles).toBeGreaterThan(run.cycles)
    expect(run.syscallCounts).toMatchObject({ commit: 1, halt: 1, log: run.log.length })
    const { blocks, failure, mismatch } = decodeGuestLog(run.log)
    expect([failure, mismatch]).toEqual([null, null])
    expect(blocks.map(({ number, transactions }) => [number, transactions.length])).toEqual([
      [2n, 3],
      [3n, 2],
      [4n, 3],
    ])
    for (const { cycles, transactions, receipts } of blocks) {
      expect(receipts).toEqual([])
      expect(transactions.every((transaction) => transaction.cycles > 1_000)).toBe(true)
      expect(transactions.reduce((sum, transaction) => sum + transaction.cycles, 0)).toBeLessThan(cycles)
    }
    expect(blocks.reduce((sum, { cycles }) => sum + cycles, 0)).toBeLessThan(run.cycles)
  })

  it('runs the same input in the same cycles', async () => {
    const { input } = requestOfBatch(batch)
    const [a, b] = [await guest.run(input, { maxCycles, signal: never }), await guest.run(input, { maxCycles, signal: never })]
    expect({ ...a, durationMs: 0 }).toEqual({ ...b, durationMs: 0 })
  })

  it.each([
    'gasUsed',
    'baseFeePerGas',
    'parentHash',
    'stateRoot',
    'receiptsRoot',
    'transactionsRoot',
    'withdrawalsRoot',
    'logsBloom',
    'parentBeaconBlockRoot',
  ] as const)('says what a header’s %s ought to be', async (field) => {
    const honest = decodeBlock(batch.input.blocks[1] ?? new Uint8Array()).header[field]
    const wrong = typeof honest === 'bigint' ? honest + 1n : (`0x${'ab'.repeat((honest.length - 2) / 2)}` as Hex)
    const { report } = await reportOf(1, { [field]: wrong })
    expect(headerFieldNames).toContain(field)
    expect(report.mismatch).toEqual({ field, computed: honest })
    expect(report.blocks.at(-1)?.number).toBe(3n)
  })

  it('shows receipts and state of the block whose results it refuses, and says where it stopped', async () => {
    const { run, report } = await reportOf(1, { stateRoot: `0x${'ab'.repeat(32)}` })
    expect(run).toMatchObject({ exitCode: 37, exitMeaning: 'a block leads to another state than its header says' })
    expect(report.failure).toMatchObject({ status: 37, place: expect.stringMatching(/^block\.c:\d+$/) })
    expect(report.blocks.map(({ receipts }) => receipts.length)).toEqual([0, 2])
    expect(report.stateDiff).not.toBeNull()
    expect(report.publicInputs).toBeNull()
  })

  it('names what is wrong with a header or a transaction', async () => {
    const { run } = await reportOf(1, { number: 9n })
    expect(run.exitMeaning).toBe('a block’s header does not follow from its parent (number)')
    const { blocks } = batch.input
    const block = decodeBlock(blocks[0] ?? new Uint8Array())
    const twice = encodeBlock({ ...block, transactions: [...block.transactions.slice(0, 1), ...block.transactions.slice(0, 1)] })
    const { exitMeaning } = await guest.run(requestOfBatch(batch, { input: { blocks: blocks.with(0, twice) } }).input, {
      maxCycles,
      signal: never,
    })
    expect(exitMeaning).toBe('a transaction is not valid where it stands (its nonce is not the sender’s next)')
  })
})

describe('a program in its thread', () => {
  const endless = assemble((program) => program.emit('jal'))

  it('that faults, or takes too long, is an error that says so', async () => {
    await expect(
      executorOf(assemble((program) => program.emit('ebreak'))).run(new Uint8Array(), { maxCycles, signal: never }),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'GUEST_FAULT', isLimit: false, reason: expect.stringContaining('faulted at pc 0x01000000') }),
    )
    await expect(executorOf(endless).run(new Uint8Array(), { maxCycles: 1_000, signal: never })).rejects.toThrow(
      expect.objectContaining({ code: 'GUEST_FAULT', isLimit: true, reason: expect.stringContaining('did not halt within 1000 cycles') }),
    )
  })

  it.each([
    [1, /needs more memory/],
    [11, /input is longer/],
  ])('that ends with status %s is one for which the batch is too much', async (exitCode, reason) => {
    const run = executorOf(assemble((program) => program.halt(exitCode))).run(new Uint8Array(), { maxCycles, signal: never })
    await expect(run).rejects.toThrow(
      expect.objectContaining({ code: 'GUEST_FAULT', isLimit: true, reason: expect.stringMatching(reason) }),
    )
  })

  it('that gets more input than the machine has room for is one, too', async () => {
    const run = executorOf(endless).run(new Uint8Array(2 ** 28 - 15), { maxCycles, signal: never })
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'GUEST_FAULT', isLimit: true }))
  })

  it('tells how far it is', async () => {
    const controller = new AbortController()
    const reported = Promise.withResolvers<number>()
    const onProgress = (cycles: number): void => (cycles > 0 ? reported.resolve(cycles) : undefined)
    const run = executorOf(endless).run(new Uint8Array(), { maxCycles: 1e15, signal: controller.signal, onProgress })
    expect(await reported.promise).toBeGreaterThan(0)
    const reason = new Error('seen enough')
    controller.abort(reason)
    await expect(run).rejects.toBe(reason)
  })

  it('is given up when nobody waits for it, and the thread runs the next one', async () => {
    // Endless unless the input says otherwise.
    const elf = assemble((program) => program.li(5, 0x2000_0000).emit('lw', { rd: 6, rs1: 5 }).emit('beq', { rs1: 6, imm: 0 }).halt(7))
    const executor = executorOf(elf)
    const reason = new Error('lease lost')
    const controller = new AbortController()
    const given = executor.run(new Uint8Array(), { maxCycles: 1e15, signal: controller.signal })
    const next = executor.run(Uint8Array.of(1), { maxCycles, signal: never })
    controller.abort(reason)
    await expect(given).rejects.toBe(reason)
    expect(await next).toMatchObject({ exitCode: 7, digest: null })
    await expect(executor.run(Uint8Array.of(1), { maxCycles, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('whose thread ends is a crash, and the next run gets a new thread', async () => {
    const elf = assemble((program) => program.li(5, 0x2000_0000).emit('lw', { rd: 6, rs1: 5 }).emit('beq', { rs1: 6, imm: 0 }).halt(7))
    const executor = executorOf(elf)
    expect(await executor.run(Uint8Array.of(1), { maxCycles, signal: never })).toMatchObject({ exitCode: 7 })
    const running = executor.run(new Uint8Array(), { maxCycles: 1e15, signal: never })
    const crash = expect(running).rejects.toThrow(expect.objectContaining({ code: 'GUEST_CRASHED' }))
    await new Promise((resolve) => setImmediate(resolve))
    await executor.close()
    await crash
    expect(await executor.run(Uint8Array.of(1), { maxCycles, signal: never })).toMatchObject({ exitCode: 7 })
  })

  it('that is no program at all is a crash', async () => {
    await expect(executorOf(Uint8Array.of(1, 2, 3)).run(new Uint8Array(), { maxCycles, signal: never })).rejects.toThrow(
      expect.objectContaining({ code: 'GUEST_CRASHED', message: expect.stringContaining('cannot be loaded') }),
    )
  })
})
