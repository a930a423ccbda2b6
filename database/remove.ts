import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DevnetError } from '../core/index.ts'
import { lockDataDirectory } from './lock.ts'

export class NoDevnetHereError extends DevnetError {
  override name = 'NoDevnetHereError'
  constructor(dataDir: string) {
    super(`${dataDir} holds no devnet; nothing was removed.`, {
      code: 'NO_DEVNET_HERE',
      exitCode: 2,
      metaMessages: ['Name the data directory with --data-dir.'],
    })
  }
}

// Names, not the whole directory: somebody may have pointed --data-dir at a folder that holds other things.
const ours = [
  ...['devnet.sqlite', 'devnet.sqlite-wal', 'devnet.sqlite-shm', 'blocks.journal', 'blocks.journal.new'],
  ...['node.pid', 'l1-cache', 'lock.sqlite', 'lock.sqlite-journal'],
]

/**
 * Deletes what a stopped devnet keeps in its data directory, and the directory when nothing else is in it.
 * Throws `NoDevnetHereError`, or `DataLockedError` while a devnet runs on it.
 */
export function removeData(dataDir: string): void {
  if (!existsSync(join(dataDir, 'devnet.sqlite'))) throw new NoDevnetHereError(dataDir)
  const lock = lockDataDirectory(dataDir)
  try {
    for (const name of ours) rmSync(join(dataDir, name), { recursive: true, force: true })
  } finally {
    lock.release()
  }
  try {
    rmdirSync(dataDir)
  } catch {
    // Not empty: the rest is the user's.
  }
}
