import { DevnetError } from '../../core/index.ts'

/** The block of a snapshot is no longer part of the chain. */
export class StaleSnapshotError extends DevnetError {
  override name = 'StaleSnapshotError'
  constructor(block: bigint) {
    super(`The snapshot's block ${block} is no longer part of the chain.`, { code: 'STALE_SNAPSHOT' })
  }
}
