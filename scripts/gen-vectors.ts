// Writes test/vectors/*.json. With --check it writes nothing and fails when a file is not what it would write.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { proverInputVectors } from './vectors/prover-input.ts'
import { publicInputsVectors } from './vectors/public-inputs.ts'
import { stateDiffVectors } from './vectors/state-diff.ts'
import { inboxTreeVectors, messageTreeVectors } from './vectors/trees.ts'

const folder = join(import.meta.dirname, '../test/vectors')
const files = {
  'public-inputs.json': publicInputsVectors,
  'state-diff.json': stateDiffVectors,
  'inbox-tree.json': inboxTreeVectors,
  'message-tree.json': messageTreeVectors,
  'prover-input.json': proverInputVectors,
}
const isCheck = process.argv.includes('--check')

mkdirSync(folder, { recursive: true })
const stale = Object.entries(files).filter(([name, make]) => {
  const path = join(folder, name)
  const content = format(path, JSON.stringify(make(), null, 2))
  if (!isCheck) writeFileSync(path, content)
  return isCheck && read(path) !== content
})
if (stale.length > 0) {
  process.stderr.write(`test/vectors: ${stale.map(([name]) => name).join(', ')} differ; run \`node scripts/gen-vectors.ts\`\n`)
  process.exitCode = 1
}

/** The linter checks the layout of these files too. */
function format(path: string, json: string): string {
  const biome = join(import.meta.dirname, '../node_modules/@biomejs/biome/bin/biome')
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], { input: json, encoding: 'utf8' })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
