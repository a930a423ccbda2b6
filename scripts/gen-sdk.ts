// Compiles sdk/ into sdk/dist, which is what `zkdevnet/sdk` imports: JavaScript and declarations that any Node, bundler and TypeScript
// configuration takes. Node strips no types below node_modules, and a project's own compiler options need not allow `.ts` endings.
// `--check` writes nothing and fails where the committed files differ.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'sdk/dist')

function compile(outDir: string): void {
  const { status } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'sdk/tsconfig.json'), '--outDir', outDir], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
  for (const file of filesOf(outDir).keys()) {
    if (!file.endsWith('.d.ts')) continue
    const path = join(outDir, file)
    // The compiler rewrites the endings of imports in JavaScript only.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(from ')(\.[^']*)\.ts(')/g, '$1$2.js$3'))
  }
}

function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]))
}

const scratch = mkdtempSync(join(tmpdir(), 'zkdevnet-sdk-'))
try {
  compile(scratch)
  if (process.argv.includes('--check')) {
    const wanted = filesOf(scratch)
    const present = filesOf(target)
    const drifted = [...new Set([...wanted.keys(), ...present.keys()])].filter((file) => wanted.get(file) !== present.get(file))
    for (const file of drifted) process.stderr.write(`sdk/dist/${file} is not what sdk/ gives: run \`node scripts/gen-sdk.ts\`\n`)
    if (drifted.length > 0) process.exitCode = 1
  } else {
    rmSync(target, { recursive: true, force: true })
    cpSync(scratch, target, { recursive: true })
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
