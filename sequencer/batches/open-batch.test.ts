import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DevReason } from '../../core/index.ts'
import { BlockGathering, type BlockLoad, defaultBatchLimits } from './open-batch.ts'

const limits = { maxTransactions: 10, maxBlocks: 5, maxStateDiffBytes: 2_000, maxCycles: 1_000, maxAgeMs: 1_000, maxEmptyAgeMs: 60_000 }
const load = (fields: Partial<BlockLoad> = {}): BlockLoad => ({
  ...{ number: 1n, transactions: 1, deposits: 0, diffBytes: 100, cycles: 10, devReasons: [] },
  ...fields,
})

const devReason: DevReason = { kind: 'baseFee', blockNumber: 1n, detail: 'forced' }

describe('BlockGathering', () => {
  it('does not throw what can be proven in with what cannot', () => {
    const open = new BlockGathering(1n, limits)
    open.add(load(), 0)
    expect(open.fits(load({ number: 2n, devReasons: [devReason] }))).toBe(false)
    const dev = new BlockGathering(1n, limits)
    dev.add(load({ devReasons: [devReason] }), 0)
    expect([dev.fits(load({ number: 2n })), dev.fits(load({ number: 2n, devReasons: [devReason] }))]).toEqual([true, true])
    dev.add(load({ number: 2n }), 0)
    expect(dev.devReasons).toEqual([devReason])
  })

  it('takes the first block whatever its size', () => {
    expect(new BlockGathering(1n, limits).fits(load({ transactions: 50, diffBytes: 100_000, cycles: 1e9 }))).toBe(true)
  })

  it.each([
    ['transactions', load({ transactions: 10 })],
    ['bytes', load({ diffBytes: 1_200 })],
    ['cycles', load({ cycles: 991 })],
  ])('does not take a block that would bring it above its limit of %s', (_, next) => {
    const open = new BlockGathering(1n, limits)
    open.add(load(), 0)
    expect(open.fits(next)).toBe(false)
    expect(open.fits(load({ number: 2n }))).toBe(true)
  })

  it('is full at its limit of blocks or transactions', () => {
    const byBlocks = new BlockGathering(1n, limits)
    for (let number = 1n; number <= 5n; number++) {
      expect(byBlocks.isFull).toBe(false)
      byBlocks.add(load({ number, transactions: 0 }), 0)
    }
    expect(byBlocks.isFull).toBe(true)
    const byTransactions = new BlockGathering(1n, limits)
    byTransactions.add(load({ transactions: 10 }), 0)
    expect(byTransactions.isFull).toBe(true)
  })

  it('is due an age after its first block with something in it, empty ones wait longer', () => {
    const open = new BlockGathering(1n, limits)
    expect(open.deadlineMs).toBeUndefined()
    open.add(load({ transactions: 0 }), 100)
    expect(open.deadlineMs).toBe(60_100)
    open.add(load({ transactions: 0 }), 200)
    expect(open.deadlineMs).toBe(60_100)
    open.add(load({ transactions: 0, deposits: 1 }), 300)
    expect(open.deadlineMs).toBe(1_300)
    open.add(load(), 900)
    expect(open.deadlineMs).toBe(1_300)
  })

  it('is due no later for a block with something in it that comes when the empty ones are almost due', () => {
    const open = new BlockGathering(1n, limits)
    open.add(load({ transactions: 0 }), 0)
    open.add(load(), 59_500)
    expect(open.deadlineMs).toBe(60_000)
  })

  it('never gathers more than its limits, and loses no block', () => {
    const blocks = fc.array(
      fc.record({
        transactions: fc.nat({ max: 10 }),
        deposits: fc.nat({ max: 16 }),
        diffBytes: fc.nat({ max: 1_200 }),
        cycles: fc.nat({ max: 1_000 }),
        isDev: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(blocks, (list) => {
        let open = new BlockGathering(0n, limits)
        let [transactions, bytes, count] = [0, 0, 0]
        for (const [index, fields] of list.entries()) {
          const { isDev, ...amounts } = fields
          const next = { number: BigInt(index), ...amounts, devReasons: isDev ? [devReason] : [] }
          if (open.isFull || !open.fits(next)) {
            expect(open.lastBlockNumber).toBe(BigInt(index) - 1n)
            open = new BlockGathering(BigInt(index), limits)
            ;[transactions, bytes, count] = [0, 0, 0]
          }
          open.add(next, 0)
          ;[transactions, bytes, count] = [transactions + fields.transactions, bytes + fields.diffBytes, count + 1]
          expect(transactions <= limits.maxTransactions && bytes <= limits.maxStateDiffBytes && count <= limits.maxBlocks).toBe(true)
          expect(open.estimatedCycles).toBeLessThanOrEqual(limits.maxCycles)
          expect(open.lastBlockNumber).toBe(BigInt(index))
        }
      }),
    )
  })

  it('by default lets 1,000 transactions in blocks of their own fill few batches', () => {
    expect(1000 / Math.min(defaultBatchLimits.maxBlocks, defaultBatchLimits.maxTransactions)).toBeLessThanOrEqual(10)
  })
})
