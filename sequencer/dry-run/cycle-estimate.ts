import { type CycleRates, estimateBlock, firstRates } from './cycle-rates.ts'
import type { DryRunStore } from './dry-run-store.ts'

/** Batches whose highest rates count: one that was far more expensive than the rest is forgotten after so many. */
const learntBatches = 16

/** Foresees what blocks cost the guest, from what the newest batches did cost. */
export class CycleEstimate {
  readonly #results: Pick<DryRunStore, 'highestRates'>

  constructor(results: Pick<DryRunStore, 'highestRates'>) {
    this.#results = results
  }

  /** Never below what the cheapest transactions take, which a chain of these alone would teach. */
  ofBlock(gasUsed: bigint): number {
    const learnt: CycleRates = this.#results.highestRates(learntBatches) ?? firstRates
    return estimateBlock({ ...learnt, perGas: Math.max(learnt.perGas, firstRates.perGas) }, gasUsed)
  }
}
