import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DevnetError } from '../core/index.ts'
import { DataDirectoryError, translateSqliteError } from './errors.ts'
import { lockDataDirectory } from './lock.ts'
import { type MigrationSet, migrate } from './migrations.ts'

/** A connection to the database: all parts of the node share one, a thread has its own. */
export interface DevnetDatabase {
  /** For statements: `database.sqlite.prepare(…)`. */
  readonly sqlite: Database.Database
  /** Path of the file, or `:memory:`. */
  readonly path: string
  /** Absent in memory. */
  readonly dataDir: string | undefined
  /** Runs `work` in one transaction (joins the open one, if any); SQLite's complaints about disk and file come out as errors of ours. */
  transaction<T>(work: () => T): T
  /** Runs `work` when the open transaction is committed, before anybody else can read; never, where it is undone. Without one, at once. */
  afterCommit(work: () => void): void
  /** Syncs the disk where much was committed since it was last done: for a moment in which nobody waits. */
  checkpoint(): void
  /** Closes the file and gives the data directory free. Safe to call twice. */
  close(): void
}

export interface OpenDatabaseOptions {
  /** Made when missing. */
  dataDir: string
  /** The lists of all parts, whether they run this time or not: an owner that the file knows and the list does not is a `DataVersionError`. */
  migrations: readonly MigrationSet[]
}

const lockWaitMs = 5_000
// SQLite's own checkpoints, in the middle of a commit, come at 64 MB of log: 70 to 250 ms each, so `checkpoint` mostly comes first. The default, 4 MB,
// syncs the disk at every 50th block.
const nodeCheckpointPages = 16_384
// A thread may wait for the disk: it does so at 16 MB, before the node has to.
const threadCheckpointPages = 4096
const checkpointCommits = 256
// The default, 2 MB, reads pages of the indexes again and again.
const cacheKiB = 16_384

/**
 * Opens (or makes) the database of a data directory and locks the directory for this process.
 *
 * Throws `DataLockedError`, `DataVersionError`, `DataDirectoryError`, `DataDiskFullError` or `DataCorruptError`.
 */
export function openDatabase({ dataDir, migrations }: OpenDatabaseOptions): DevnetDatabase {
  const path = join(dataDir, 'devnet.sqlite')
  try {
    mkdirSync(dataDir, { recursive: true })
    const lock = lockDataDirectory(dataDir)
    try {
      return connect({ path, dataDir, migrations, onClose: () => lock.release() })
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    const translated = translateSqliteError(error, path)
    if (translated instanceof DevnetError || !isFileError(error)) throw translated
    throw new DataDirectoryError({ path: dataDir, cause: error })
  }
}

/** The same without files, for tests and for nodes that keep nothing. */
export function openMemoryDatabase({ migrations }: Pick<OpenDatabaseOptions, 'migrations'>): DevnetDatabase {
  return connect({ path: ':memory:', dataDir: undefined, migrations, onClose: () => undefined })
}

/**
 * Another connection to the database of a process that has it open, for a thread of that process. Whoever writes waits for the other's transaction.
 */
export function openConnection(path: string): DevnetDatabase {
  return connect({ path, dataDir: undefined, checkpointPages: threadCheckpointPages, onClose: () => undefined })
}

interface ConnectOptions {
  path: string
  dataDir: string | undefined
  /** Absent where the schema is known to be up to date. */
  migrations?: readonly MigrationSet[]
  checkpointPages?: number
  onClose: () => void
}

function connect({ path, dataDir, migrations, checkpointPages = nodeCheckpointPages, onClose }: ConnectOptions): DevnetDatabase {
  const sqlite = new Database(path, { timeout: lockWaitMs })
  try {
    // NORMAL in WAL mode: a commit survives the death of the process; only a power cut may lose the last ones, never damage the file.
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma(`wal_autocheckpoint = ${checkpointPages}`)
    sqlite.pragma(`cache_size = -${cacheKiB}`)
    if (migrations !== undefined) migrate(sqlite, migrations, path)
  } catch (error) {
    sqlite.close()
    throw error
  }
  let committed: (() => void)[] = []
  let commits = 0
  // Made once: the library makes four functions with five properties each for every transaction that it is given.
  const inTransaction = sqlite.transaction((work: () => unknown) => work()).immediate as <T>(work: () => T) => T
  return {
    sqlite,
    path,
    dataDir,
    transaction(work) {
      if (sqlite.inTransaction) return work()
      committed = []
      let result: ReturnType<typeof work>
      try {
        result = inTransaction(work)
      } catch (error) {
        throw translateSqliteError(error, path)
      }
      commits++
      for (const listener of committed) listener()
      return result
    },
    afterCommit(work) {
      if (sqlite.inTransaction) committed.push(work)
      else work()
    },
    checkpoint() {
      if (commits < checkpointCommits || sqlite.inTransaction) return
      commits = 0
      sqlite.pragma('wal_checkpoint(PASSIVE)')
    },
    close() {
      if (!sqlite.open) return
      sqlite.close()
      onClose()
    },
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
