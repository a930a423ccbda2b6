import type { DevnetError } from '../../core/index.ts'

/** Whether blocks may be sealed. What settles them on L1 knows when they would be in vain. */
export interface SealingGate {
  /** Why not, or null where they may. Asked before each block and each transaction. */
  sealingStop(): DevnetError | null
}
