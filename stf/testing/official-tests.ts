import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const archive = resolve(process.env.ZKDEVNET_VECTORS ?? '../shared/vectors', 'ethereum-tests.tar.xz')

/** Where the archive of official tests should be, for the message of a test that is skipped. */
export const officialTestsArchive = archive

export const hasOfficialTests = existsSync(archive)

/** The JSON files under a folder of the archive, parsed, by their path; empty without the archive. */
export function officialTests(folder: string): ReadonlyMap<string, unknown> {
  const files = new Map<string, unknown>()
  if (!hasOfficialTests) return files
  const directory = mkdtempSync(join(tmpdir(), 'zkdevnet-vectors-'))
  try {
    execFileSync('tar', ['-xJf', archive, '-C', directory, `./${folder}`])
    for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
      if (entry.endsWith('.json')) files.set(entry, JSON.parse(readFileSync(join(directory, entry), 'utf8')))
    }
    return files
  } finally {
    rmSync(directory, { recursive: true })
  }
}
