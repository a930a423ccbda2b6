import type { Batch, Hex } from '../../core/index.ts'

/** What settlement asks of the dry runs. */
export interface CheckedBatches {
  /** Whether the batch may be committed. */
  passed(batch: Batch): boolean
}

const noProgram: Hex = `0x${'00'.repeat(32)}`

/** Whether a batch is not proven at all, so that there is nothing for the guest to agree with. */
export const isUnproven = ({ programId }: Pick<Batch, 'programId'>): boolean => programId === noProgram
