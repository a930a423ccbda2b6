import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DataLockedError } from './errors.ts'

export interface DataLock {
  release(): void
}

/**
 * Makes this process the only node on a data directory, or throws `DataLockedError`.
 *
 * The lock is an open exclusive transaction on an empty database of its own, so the operating system drops it when the
 * process dies in whatever way. The main database stays readable for other tools.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  const holderFile = join(dataDir, 'node.pid')
  const lock = new Database(join(dataDir, 'lock.sqlite'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new DataLockedError({ dataDir, holder: readHolder(holderFile) })
    }
    throw error
  }
  try {
    writeFileSync(holderFile, `${process.pid}\n`)
  } catch (error) {
    lock.close()
    throw error
  }
  return {
    release() {
      lock.close()
    },
  }
}

// Only for the message: the file may be stale or missing, the lock is not in it.
function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
