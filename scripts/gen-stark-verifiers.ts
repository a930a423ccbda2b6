// Writes AIRs as the data that a verifier on L1 is deployed with.
//   node scripts/gen-stark-verifiers.ts            writes
//   node scripts/gen-stark-verifiers.ts --check    writes nothing; exit code 1 if the committed files are not what the AIRs give
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Air } from '../zkvm/air/air.ts'
import { encodeAir } from '../zkvm/stark/air-code.ts'
import { machineAir } from '../zkvm/tables/machine/machine-air.ts'

const airs: readonly { readonly air: Air; readonly constant: string; readonly path: string }[] = [
  { air: machineAir, constant: 'machineAirCode', path: 'contracts/airs/machine-air-code.ts' },
]

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

for (const { air, constant, path } of airs) {
  const file = join(import.meta.dirname, '..', path)
  const text = [
    '// Written by scripts/gen-stark-verifiers.ts. Do not edit.',
    '',
    `/** The AIR ${air.name} (zkvm/stark/air-code.ts). */`,
    `export const ${constant}: \`0x\${string}\` =`,
    `  '0x${Buffer.from(encodeAir(air)).toString('hex')}'`,
    '',
  ].join('\n')
  if (!values.check) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${path} is not what its AIR gives\nRun \`node scripts/gen-stark-verifiers.ts\`.\n`)
    process.exitCode = 1
  }
}
