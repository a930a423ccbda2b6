// Writes zkvm/isa/testing/vectors.json: every instruction with edge operands and all register aliasings, with the results of qemu-riscv32.
//   node scripts/gen-isa-vectors.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { isQemuInstalled, vectorsFromQemu } from '../zkvm/isa/testing/qemu.ts'

const path = join(import.meta.dirname, '../zkvm/isa/testing/vectors.json')
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

if (!isQemuInstalled()) {
  console.error('qemu-riscv32 is not installed (Debian: apt-get install qemu-user)')
  process.exit(values.check ? 0 : 1)
}
const vectors = vectorsFromQemu()
if (values.check) {
  if (!isDeepStrictEqual(JSON.parse(readFileSync(path, 'utf8')), vectors)) {
    console.error('zkvm/isa/testing/vectors.json is not what qemu computes: run node scripts/gen-isa-vectors.ts')
    process.exit(1)
  }
} else {
  const groups = Object.entries(vectors).map(([mnemonic, rows]) => {
    const lines = rows.map((row) => `    [${row.join(', ')}]`)
    return lines.length === 1 ? `  "${mnemonic}": [${lines[0]?.trim()}]` : `  "${mnemonic}": [\n${lines.join(',\n')}\n  ]`
  })
  writeFileSync(path, `{\n${groups.join(',\n')}\n}\n`)
}
