import { DevnetError } from '../../core/index.ts'

/** The database holds no chain yet. */
export class ChainNotStoredError extends DevnetError {
  override name = 'ChainNotStoredError'
  constructor(path: string) {
    super(`${path} holds no L2 chain.`, { code: 'CHAIN_NOT_STORED' })
  }
}

/** The data directory belongs to a chain with other parameters than the node was started with. */
export class ChainMismatchError extends DevnetError {
  override name = 'ChainMismatchError'
  constructor({ path, what, stored, asked }: { path: string; what: string; stored: string; asked: string }) {
    super(`${path} holds an L2 chain with ${what} ${stored}, not ${asked}.`, {
      code: 'CHAIN_MISMATCH',
      exitCode: 6,
      metaMessages: ['Start with the settings that made it, choose another `--data-dir`, or delete it with `zkdevnet reset`.'],
    })
  }
}

/** The newest block's state cannot be read: the file was damaged or edited. */
export class HeadStateUnreadableError extends DevnetError {
  override name = 'HeadStateUnreadableError'
  constructor({ path, block, cause }: { path: string; block: bigint; cause: unknown }) {
    super(`${path} does not hold the state of its newest block ${block}.`, {
      code: 'HEAD_STATE_UNREADABLE',
      exitCode: 6,
      metaMessages: ['Restore the data directory from a copy, rebuild it with `zkdevnet recover`, or delete it with `zkdevnet reset`.'],
      cause,
    })
  }
}

/** The file of the newest blocks was changed or deleted by another program. */
export class BlockJournalUnreadableError extends DevnetError {
  override name = 'BlockJournalUnreadableError'
  constructor(path: string) {
    super(`${path} does not hold what was written to it.`, {
      code: 'BLOCK_JOURNAL_UNREADABLE',
      exitCode: 6,
      metaMessages: ['Restore the data directory from a copy, rebuild it with `zkdevnet recover`, or delete it with `zkdevnet reset`.'],
    })
  }
}
