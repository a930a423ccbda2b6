import { DevnetError, type Hex, InvalidTransactionError, rules } from '../../core/index.ts'

export class ClockBackwardsError extends DevnetError {
  override name = 'ClockBackwardsError'
  constructor(seconds: bigint) {
    super(`The clock cannot go back by ${-seconds} seconds.`, {
      code: 'CLOCK_BACKWARDS',
      metaMessages: ['Use `evm_snapshot` before and `evm_revert` after to undo a move forwards.'],
    })
  }
}

/** A transaction changes more state than fits one block's share of an L1 transaction; no block can take it. */
export class StateDiffTooLargeError extends InvalidTransactionError {
  override name = 'StateDiffTooLargeError'
  constructor({ hash, bytes }: { hash: Hex; bytes: number }) {
    super(
      `transaction ${hash} changes too much state: up to ${bytes} bytes of state diff, limit ${rules.maxStateDiffBytes}`,
      'STATE_DIFF_TOO_LARGE',
    )
  }
}

/** A transaction reads more state than the guest has room for; no block can take it. Beyond what contracts of a size that Ethereum allows can do. */
export class WitnessTooLargeError extends InvalidTransactionError {
  override name = 'WitnessTooLargeError'
  constructor({ hash, bytes }: { hash: Hex; bytes: number }) {
    super(
      `transaction ${hash} reads too much state: up to ${bytes} bytes of nodes and codes, limit ${rules.maxInputBytes}`,
      'WITNESS_TOO_LARGE',
    )
  }
}

export class InvalidIntervalError extends DevnetError {
  override name = 'InvalidIntervalError'
  constructor(intervalMs: number) {
    super(`A block interval of ${intervalMs} ms is not possible.`, {
      code: 'INVALID_INTERVAL',
      metaMessages: ['Use a whole number of milliseconds from 0 (off) to 2147483647.'],
    })
  }
}

/** The node is stopping. */
export class SealerStoppedError extends DevnetError {
  override name = 'SealerStoppedError'
  constructor() {
    super('The node is stopping and seals no more blocks.', { code: 'SEALER_STOPPED' })
  }
}
