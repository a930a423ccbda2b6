import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DevnetDatabase } from './database.ts'
import { lockDataDirectory } from './lock.ts'
import { NoDevnetHereError } from './remove.ts'

export interface CopyTablesOptions {
  /** Data directory of a stopped devnet of this version. */
  readonly from: string
  /** Opened with the same migrations; its tables of this owner are empty. */
  readonly to: DevnetDatabase
  readonly owner: string
}

/**
 * Copies one owner's tables from another data directory, all or nothing; nothing else is read there, nothing is written.
 * Throws `NoDevnetHereError`, or `DataLockedError` while a devnet runs on it.
 */
export function copyTables({ from, to, owner }: CopyTablesOptions): void {
  const path = join(from, 'devnet.sqlite')
  if (!existsSync(path)) throw new NoDevnetHereError(from)
  const lock = lockDataDirectory(from)
  const { sqlite } = to
  try {
    sqlite.prepare('ATTACH ? AS source').run(path)
    try {
      // In a LIKE pattern "_" stands for any character, so it is escaped.
      const tables = sqlite
        .prepare<[string], { name: string }>("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name LIKE ? ESCAPE '\\'")
        .all(`${owner}\\_%`)
      to.transaction(() => {
        for (const { name } of tables) sqlite.exec(`INSERT INTO main."${name}" SELECT * FROM source."${name}"`)
      })
    } finally {
      sqlite.exec('DETACH source')
    }
  } finally {
    lock.release()
  }
}
