// Writes the contracts that know an AIR, from its expressions.
//   node scripts/gen-stark-verifiers.ts            writes
//   node scripts/gen-stark-verifiers.ts --check    writes nothing; exit code 1 if the committed files are not what the AIRs give
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Air } from '../zkvm/air/air.ts'
import { solidityOfAir } from '../zkvm/stark/solidity-air.ts'
import { fibonacciAir } from '../zkvm/stark/testing/fibonacci-air.ts'

const contracts: readonly { readonly air: Air; readonly name: string; readonly folder: string }[] = [
  { air: fibonacciAir, name: 'FibonacciAir', folder: 'contracts/src/testing/stark' },
]

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

for (const { air, name, folder } of contracts) {
  const path = join(folder, `${name}.sol`)
  const file = join(import.meta.dirname, '..', path)
  const text = solidityOfAir(air, name)
  if (!values.check) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${path} is not what its AIR gives\nRun \`node scripts/gen-stark-verifiers.ts\`.\n`)
    process.exitCode = 1
  }
}
