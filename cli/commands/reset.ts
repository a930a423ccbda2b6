import { resolve } from 'node:path'
import { readSettings } from '../../core/index.ts'
import { removeData } from '../../database/index.ts'
import type { GlobalFlags } from '../flags.ts'

/** `zkdevnet reset`. */
export function reset(flags: GlobalFlags & Record<string, unknown>): void {
  const dataDir = resolve(readSettings(flags, process.env).dataDir)
  removeData(dataDir)
  if (flags.quiet !== true) process.stderr.write(`removed the devnet in ${dataDir}\n`)
}
