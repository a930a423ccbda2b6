import type { GuestReport } from '../../core/index.ts'

/** What the guest takes, in weighted cycles, split up as far as a batch can be foreseen. */
export interface CycleRates {
  /** Of a transaction, per gas that it used. */
  readonly perGas: number
  /** Of a block, apart from its transactions: header, system slots, roots. */
  readonly perBlock: number
  /** Of a batch, apart from its blocks: reading the input, the state diff, the digest. */
  readonly perBatch: number
}

/** Of a chain that has not run anything yet; measured by `npm run bench:guest`, rounded up. */
export const firstRates: CycleRates = { perGas: 6, perBlock: 200_000, perBatch: 200_000 }

/** The highest rates in a run. */
export function ratesOfRun(
  { blocks }: Pick<GuestReport, 'blocks'>,
  { weightedCycles, gasUsed }: { readonly weightedCycles: number; readonly gasUsed: (block: number, transaction: number) => bigint },
): CycleRates {
  let [perGas, perBlock, inBlocks] = [0, 0, 0]
  for (const [index, block] of blocks.entries()) {
    let inTransactions = 0
    for (const [position, transaction] of block.transactions.entries()) {
      inTransactions += transaction.weightedCycles
      perGas = Math.max(perGas, transaction.weightedCycles / Number(gasUsed(index, position)))
    }
    perBlock = Math.max(perBlock, block.weightedCycles - inTransactions)
    inBlocks += block.weightedCycles
  }
  return { perGas, perBlock, perBatch: weightedCycles - inBlocks }
}

/** Cycles that a block is expected to take at most, where it costs no more than what was measured. */
export function estimateBlock({ perGas, perBlock }: CycleRates, gasUsed: bigint): number {
  return Math.ceil(perBlock + perGas * Number(gasUsed))
}
