import Database from 'better-sqlite3'
import { DevnetError } from '../core/index.ts'

/** The data directory was written by another version of zkdevnet, or its file is not ours. */
export class DataVersionError extends DevnetError {
  override name = 'DataVersionError'
  constructor({ path, reason, cause }: { path: string; reason: string; cause?: unknown }) {
    super(`${path} belongs to another version of zkdevnet: ${reason}.`, {
      code: 'DATA_VERSION',
      exitCode: 6,
      metaMessages: ['Move the data directory away, or delete its contents with `zkdevnet reset`.'],
      cause,
    })
  }
}

/** Another running node uses the data directory. */
export class DataLockedError extends DevnetError {
  override name = 'DataLockedError'
  constructor({ dataDir, holder }: { dataDir: string; holder: number | undefined }) {
    super(`The data directory ${dataDir} is in use by another node${holder === undefined ? '' : ` (process ${holder})`}.`, {
      code: 'DATA_LOCKED',
      exitCode: 6,
      metaMessages: ['Stop that node, or give this one its own directory with `--data-dir <path>`.'],
    })
  }
}

/** The data directory cannot be created, read or written. */
export class DataDirectoryError extends DevnetError {
  override name = 'DataDirectoryError'
  constructor({ path, cause }: { path: string; cause: unknown }) {
    super(`${path} cannot be written: ${messageOf(cause)}.`, {
      code: 'DATA_DIRECTORY',
      metaMessages: ['Choose a directory that this user may write with `--data-dir <path>`.'],
      cause,
    })
  }
}

/** No room left for the database. What was committed before is intact. */
export class DataDiskFullError extends DevnetError {
  override name = 'DataDiskFullError'
  constructor({ path, cause }: { path: string; cause: unknown }) {
    super(`The disk that holds ${path} is full.`, {
      code: 'DATA_DISK_FULL',
      metaMessages: ['Free some space and start again: everything that was answered is stored.'],
      cause,
    })
  }
}

/** SQLite found its own file damaged. */
export class DataCorruptError extends DevnetError {
  override name = 'DataCorruptError'
  constructor({ path, cause }: { path: string; cause: unknown }) {
    super(`${path} is damaged: ${messageOf(cause)}.`, {
      code: 'DATA_CORRUPT',
      exitCode: 6,
      metaMessages: ['Restore the directory from a copy, or start anew with `zkdevnet reset`.'],
      cause,
    })
  }
}

/** The error of ours for what SQLite reports about the disk and the file; every other error comes back unchanged. */
export function translateSqliteError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const code = error.code
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE') return new DataDiskFullError({ path, cause: error })
  if (code === 'SQLITE_NOTADB') return new DataVersionError({ path, reason: 'it is not an SQLite database', cause: error })
  if (code.startsWith('SQLITE_CORRUPT')) return new DataCorruptError({ path, cause: error })
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|IOERR)/.test(code)) return new DataDirectoryError({ path, cause: error })
  return error
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
