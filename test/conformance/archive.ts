import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { DevnetError } from '../../core/index.ts'

/** Where the archive of official tests should be. */
export const defaultArchive = resolve(process.env.ZKDEVNET_VECTORS ?? '../shared/vectors', 'ethereum-tests.tar.xz')

export const hasDefaultArchive = existsSync(defaultArchive)

class ArchiveUnreadableError extends DevnetError {
  override name = 'ArchiveUnreadableError'
  constructor({ archive, detail }: { archive: string; detail: string }) {
    super(`The archive ${archive} cannot be unpacked.`, {
      code: 'CONFORMANCE_ARCHIVE_UNREADABLE',
      exitCode: 1,
      metaMessages: [detail, 'Unpacking needs tar and xz: `apt-get install tar xz-utils`.'],
    })
  }
}

export interface Archive {
  readonly directory: string
  /** Paths of the JSON files, in order. */
  readonly files: readonly string[]
  readonly sha256: string
  /** Takes the folder away. */
  remove(): void
}

/**
 * Unpacks the archive, or one of its outermost folders, to a temporary folder.
 * @throws ArchiveUnreadableError
 */
export function openArchive(archive: string, folder?: string): Archive {
  const directory = mkdtempSync(join(tmpdir(), 'zkdevnet-vectors-'))
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  const only = folder === undefined ? [] : ['--wildcards', `*${folder}/*`]
  const { status, stderr } = spawnSync('tar', ['-xf', archive, '-C', directory, ...only], { encoding: 'utf8' })
  if (status !== 0) {
    remove()
    throw new ArchiveUnreadableError({ archive, detail: stderr?.trim() ?? 'tar is not installed' })
  }
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort()
  return { directory, files, sha256: createHash('sha256').update(readFileSync(archive)).digest('hex'), remove }
}
