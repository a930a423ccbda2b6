// What npm does not bring along for this computer. Plain JavaScript, because npm may run it with an older Node.
//
// Hardhat's simulated network is a native package per platform, declared by its parent as optional and for Node >= 22.
// npm run by an older Node skips such a package without a word, although our scripts run it with the Node 24 that
// node_modules brings. So fetch what npm skipped: the same version, checked against the hash in package-lock.json.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAddon, localBuild } from '../zkvm/kernels/native/build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = `${process.platform}-${process.arch}`
const suffix = { 'linux-x64': 'linux-x64-gnu', 'linux-arm64': 'linux-arm64-gnu', 'win32-x64': 'win32-x64-msvc' }[target] ?? target
const path = `node_modules/@nomicfoundation/edr-${suffix}`
const lockFile = [join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json')].find(existsSync)
const locked = lockFile && JSON.parse(readFileSync(lockFile, 'utf8')).packages[path]

if (locked && !existsSync(join(root, path, 'package.json'))) {
  const scratch = mkdtempSync(join(tmpdir(), 'zkdevnet-install-'))
  try {
    const spec = `@nomicfoundation/edr-${suffix}@${locked.version}`
    // The environment of an npm script names this very project; npm pack must not take it for its own.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|global)|package|lifecycle)/i.test(name)),
    )
    execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', scratch], {
      cwd: scratch,
      env,
      shell: process.platform === 'win32',
    })
    const tarball = join(scratch, `nomicfoundation-edr-${suffix}-${locked.version}.tgz`)
    const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
    if (integrity !== locked.integrity) throw new Error(`${spec}: the registry's package does not match package-lock.json`)
    mkdirSync(join(root, path), { recursive: true })
    execFileSync('tar', ['-xzf', tarball, '-C', join(root, path), '--strip-components=1'])
    process.stdout.write(`fetched ${spec} (left out by npm on an older Node)\n`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

// The prover's kernels as native code: for linux-x64 they are committed, elsewhere a compiler makes them. WebAssembly does without.
if (target !== 'linux-x64' && !existsSync(localBuild())) {
  try {
    const addon = buildAddon()
    mkdirSync(dirname(localBuild()), { recursive: true })
    writeFileSync(localBuild(), addon)
    process.stdout.write(`built native kernels for ${target}\n`)
  } catch (error) {
    process.stdout.write(`no native kernels for ${target}, so the prover uses WebAssembly: ${error.message.split('\n')[0]}\n`)
  }
}
