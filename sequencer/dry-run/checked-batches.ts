import type { Batch } from '../../core/index.ts'

/** What settlement asks of the dry runs. */
export interface CheckedBatches {
  /** Whether the batch may be committed. */
  passed(batch: Batch): boolean
}
