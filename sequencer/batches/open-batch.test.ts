import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DevReason, rules } from '../../core/index.ts'
import { BlockGathering, type BlockLoad, defaultBatchLimits } from './open-batch.ts'

const limits = {
  ...{ maxTransactions: 10, maxBlocks: 5, maxStateDiffBytes: 2_000, maxCycles: 1_000, maxGas: 500n, maxInputBytes: 3_000 },
  ...{ maxAgeMs: 1_000, maxEmptyAgeMs: 60_000, maxUnproven: 2 },
}
const load = (fields: Partial<BlockLoad> = {}): BlockLoad => ({
  ...{ number: 1n, transactions: 1, deposits: 0, diffBytes: 100, cycles: 10, gas: 7n, inputBytes: 60, devReasons: [] },
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
    expect(
      new BlockGathering(1n, limits).fits(load({ transactions: 50, diffBytes: 100_000, cycles: 1e9, gas: 10n ** 9n, inputBytes: 1e9 })),
    ).toBe(true)
  })

  it.each([
    ['transactions', load({ transactions: 9 }), load({ transactions: 10 })],
    ['bytes', load({ diffBytes: 1_100 }), load({ diffBytes: 1_101 })],
    ['cycles', load({ cycles: 990 }), load({ cycles: 991 })],
    ['gas', load({ gas: 493n }), load({ gas: 494n })],
    ['input', load({ inputBytes: 2_940 }), load({ inputBytes: 2_941 })],
  ])('takes a block up to its limit of %s, and none beyond', (_, last, next) => {
    const open = new BlockGathering(1n, limits)
    open.add(load(), 0)
    expect([open.fits(last), open.fits(next)]).toEqual([true, false])
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
        gas: fc.bigInt({ min: 0n, max: 500n }),
        inputBytes: fc.nat({ max: 3_000 }),
        isDev: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(blocks, (list) => {
        let open = new BlockGathering(0n, limits)
        let [transactions, bytes, count, gas, input] = [0, 0, 0, 0n, 0]
        for (const [index, fields] of list.entries()) {
          const { isDev, ...amounts } = fields
          const next = { number: BigInt(index), ...amounts, devReasons: isDev ? [devReason] : [] }
          if (open.isFull || !open.fits(next)) {
            expect(open.lastBlockNumber).toBe(BigInt(index) - 1n)
            open = new BlockGathering(BigInt(index), limits)
            ;[transactions, bytes, count, gas, input] = [0, 0, 0, 0n, 0]
          }
          open.add(next, 0)
          ;[transactions, bytes, count] = [transactions + fields.transactions, bytes + fields.diffBytes, count + 1]
          expect(transactions <= limits.maxTransactions && bytes <= limits.maxStateDiffBytes && count <= limits.maxBlocks).toBe(true)
          ;[gas, input] = [gas + fields.gas, input + fields.inputBytes]
          expect(gas <= limits.maxGas && input <= limits.maxInputBytes).toBe(true)
          expect(open.estimatedCycles).toBeLessThanOrEqual(limits.maxCycles)
          expect(open.lastBlockNumber).toBe(BigInt(index))
        }
      }),
    )
  })

  it('by default has no more gas than a block may have', () => {
    expect(defaultBatchLimits.maxGas).toBe(rules.blockGasLimit)
  })

  it('by default lets 1,000 transactions in blocks of their own fill few batches', () => {
    expect(1000 / Math.min(defaultBatchLimits.maxBlocks, defaultBatchLimits.maxTransactions)).toBeLessThanOrEqual(10)
  })
})
