import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The `zkdevnet` command of the package that this file belongs to. It finds a Node that is new enough by itself. */
export function launcherPath(): string {
  // The package's own name, because this file stands at another depth once it is compiled.
  return join(dirname(createRequire(import.meta.url).resolve('zkdevnet/package.json')), 'cli', 'bin.mjs')
}
