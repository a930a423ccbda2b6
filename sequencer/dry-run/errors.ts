import { DevnetError, type Divergence } from '../../core/index.ts'

/** Two independent executions of a batch differ, so one of them is wrong: it must not reach L1. */
export class BatchDivergedError extends DevnetError {
  override name = 'BatchDivergedError'
  readonly divergence: Divergence
  constructor(divergence: Divergence) {
    const { batchNumber, summary, details } = divergence
    super(`The guest does not agree with batch ${batchNumber}: ${summary}.`, {
      code: 'BATCH_DIVERGED',
      exitCode: 5,
      metaMessages: [
        ...details,
        'The sequencer and the guest program are two EVMs; one of them has a bug. No block is sealed and no batch committed until they agree. Reads go on.',
        'Nothing of this batch is on L1. Go back with `evm_revert` to a snapshot from before, or forget the devnet with `zkdevnet reset`.',
        'Please report it, with the data directory.',
      ],
    })
    this.divergence = divergence
  }
}
