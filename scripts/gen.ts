// Everything that is generated and committed. `--check` compares instead of writing and fails on drift.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const generators = [
  'gen-stark-verifiers.ts',
  'gen-contracts.ts',
  'gen-vectors.ts',
  'gen-rpc-docs.ts',
  'gen-configuration-docs.ts',
  'gen-error-docs.ts',
  'gen-sdk.ts',
  'gen-guest-tables.ts',
]

for (const generator of generators) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, generator), ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`${generator} failed; if it is drift, run \`npm run gen\` and commit what it writes\n`)
    process.exit(1)
  }
}
