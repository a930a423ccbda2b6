// Mutated proofs, which the TypeScript and the Solidity verifier have to refuse for the same reason: the test of contracts/test/stark with
// more of them, of another seed each time.
//   npm run fuzz:verifier -- --count 10000 --seed tuesday
//   npm run fuzz:verifier -- --count 100 --full      proofs of the machine at full parameters
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string' }, full: { type: 'boolean', default: false } },
})
const count = Number(values.count)
if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`--count ${values.count} is no number of mutations`)
const seed = values.seed ?? `${Date.now()}`

process.stderr.write(`${count} mutations of seed ${seed}\n`)
const root = join(import.meta.dirname, '..')
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    `contracts/test/stark/${values.full ? 'machine' : 'stark'}-verifier.test.ts`,
    '-t',
    'mutations',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ZKDEVNET_FUZZ_COUNT: `${count}`, ZKDEVNET_FUZZ_SEED: seed } },
)
process.exitCode = status ?? 1
