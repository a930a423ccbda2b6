// Mutated proofs, which the TypeScript and the Solidity verifier have to refuse for the same reason: the test of contracts/test/stark with
// more of them, of another seed each time.
//   npm run fuzz:verifier -- --count 10000 --seed tuesday
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000' }, seed: { type: 'string' } } })
const count = Number(values.count)
if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`--count ${values.count} is no number of mutations`)
const seed = values.seed ?? `${Date.now()}`

process.stderr.write(`${count} mutations of seed ${seed}\n`)
const root = join(import.meta.dirname, '..')
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'contracts/test/stark/stark-verifier.test.ts', '-t', 'mutations'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ZKDEVNET_FUZZ_COUNT: `${count}`, ZKDEVNET_FUZZ_SEED: seed } },
)
process.exitCode = status ?? 1
