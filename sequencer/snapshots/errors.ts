import { DevnetError } from '../../core/index.ts'

/** The block of a snapshot is no longer part of the chain. */
export class StaleSnapshotError extends DevnetError {
  override name = 'StaleSnapshotError'
  constructor(block: bigint) {
    super(`The snapshot's block ${block} is no longer part of the chain.`, { code: 'STALE_SNAPSHOT' })
  }
}

/** The devnet's own L1 went on too far from where the process started. */
export class ResetUnavailableError extends DevnetError {
  override name = 'ResetUnavailableError'
  constructor(cause: unknown) {
    super('The devnet cannot go back to its start any more: its L1 has saved a checkpoint since.', {
      code: 'RESET_UNAVAILABLE',
      cause,
      metaMessages: ['Begin anew with `zkdevnet reset`, or take snapshots with `evm_snapshot`.'],
    })
  }
}
