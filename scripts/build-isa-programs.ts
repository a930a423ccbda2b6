// Builds the C program of bench/isa.ts (zkvm/isa/testing/programs). Its ELF file is committed, so the bench needs no compiler.
//   node scripts/build-isa-programs.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isCompilerInstalled } from '../guest/examples/compile.ts'
import { loopProgram } from '../zkvm/isa/testing/build-programs.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

if (!isCompilerInstalled()) {
  console.error('clang 14 with lld is not installed (Debian 12: apt-get install clang lld)')
  process.exit(values.check ? 0 : 1)
}
const elf = loopProgram.build()
if (!values.check) writeFileSync(loopProgram.path, elf)
else if (!readFileSync(loopProgram.path).equals(elf)) {
  console.error(`${loopProgram.path} is not what its source builds: run node scripts/build-isa-programs.ts`)
  process.exit(1)
}
