// Builds the C programs with which the machine is tested (zkvm/isa/testing/programs). Their ELF files are committed, so tests need no compiler.
//   node scripts/build-isa-programs.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildProgram, elfPath, isCompilerInstalled, programNames } from '../zkvm/isa/testing/build-programs.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

if (!isCompilerInstalled()) {
  console.error('clang 14 with lld is not installed (Debian 12: apt-get install clang lld)')
  process.exit(values.check ? 0 : 1)
}
for (const name of programNames) {
  const elf = buildProgram(name)
  if (!values.check) writeFileSync(elfPath(name), elf)
  else if (!readFileSync(elfPath(name)).equals(elf)) {
    console.error(`${elfPath(name)} is not what its source builds: run node scripts/build-isa-programs.ts`)
    process.exit(1)
  }
}
