import { DevnetError, type Divergence } from '../../core/index.ts'

export type UnconfirmedBatchError = BatchDivergedError | BatchTooLargeError

export function unconfirmedBatchError(divergence: Divergence): UnconfirmedBatchError {
  return divergence.kind === 'limit' ? new BatchTooLargeError(divergence) : new BatchDivergedError(divergence)
}

/** The guest cannot execute a batch to its end, so nobody can prove it. The bounds within which batches close exclude that. */
class BatchTooLargeError extends DevnetError {
  override name = 'BatchTooLargeError'
  readonly divergence: Divergence
  constructor(divergence: Divergence) {
    const { batchNumber, summary } = divergence
    super(`Batch ${batchNumber} is more than the guest can execute: ${summary}.`, {
      code: 'BATCH_TOO_LARGE',
      exitCode: 5,
      metaMessages: [
        'Nobody cheated, and no result is in doubt; but no proof of this batch can be made. No block is sealed on top of it and nothing is committed. Reads go on.',
        'Nothing of this batch is on L1. Go back with `evm_revert` to a snapshot from before, or forget the devnet with `zkdevnet reset`.',
        'Batches are closed before they grow that large, so a bound of the sequencer is wrong: please report it, with the data directory.',
      ],
    })
    this.divergence = divergence
  }
}

/** Two independent executions of a batch differ, so one of them is wrong: it must not reach L1. */
class BatchDivergedError extends DevnetError {
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
