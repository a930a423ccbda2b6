import { DevnetError } from '../../core/index.ts'

/** What L1 (or the node that speaks for it) gave is not what the contract has hashes of. */
export class RecoveryDataError extends DevnetError {
  override name = 'RecoveryDataError'
  constructor({ batch, reason, cause }: { batch: bigint; reason: string; cause?: unknown }) {
    super(`Batch ${batch} cannot be recovered: ${reason}.`, {
      code: 'RECOVERY_DATA',
      metaMessages: ['Nothing was written. Try another L1 node with `--l1-url`: this one gives wrong or incomplete answers.'],
      cause,
    })
  }
}

/** The data directory already has a chain. */
export class RecoveryTargetError extends DevnetError {
  override name = 'RecoveryTargetError'
  constructor({ path }: { path: string }) {
    super(`${path} already holds a chain.`, {
      code: 'RECOVERY_TARGET',
      exitCode: 2,
      metaMessages: ['Recover into an empty directory with `--data-dir <path>`, or empty this one with `zkdevnet reset`.'],
    })
  }
}

/** The rollup went on while its state was read. */
export class RecoveryRaceError extends DevnetError {
  override name = 'RecoveryRaceError'
  constructor({ executed, now }: { executed: bigint; now: bigint }) {
    super(`The last executed batch was ${executed} and is ${now} now: somebody else runs this rollup.`, {
      code: 'RECOVERY_RACE',
      metaMessages: ['Stop the other sequencer and its prover first, then recover again.'],
    })
  }
}
