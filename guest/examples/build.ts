// Trains the network of digits.c and builds the examples. What it writes is committed, so that nobody needs a compiler to use them.
//   npm run build:examples [-- --check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileProgram, isCompilerInstalled } from './compile.ts'
import { networkHeader } from './digits/header.ts'
import { digitNetwork } from './digits/train.ts'
import { exampleNames, examplePath, exampleSources } from './programs.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

function produce(path: string, bytes: Buffer): void {
  if (!values.check) writeFileSync(path, bytes)
  else if (!readFileSync(path).equals(bytes)) {
    console.error(`${path} is not what its source gives: run npm run build:examples`)
    process.exitCode = 1
  }
}

produce(join(import.meta.dirname, 'digits/network.h'), Buffer.from(networkHeader(digitNetwork())))
if (isCompilerInstalled()) for (const name of exampleNames) produce(examplePath(name), compileProgram(exampleSources[name]))
else {
  console.error('clang 14 with lld is not installed (Debian 12: apt-get install clang lld)')
  if (!values.check) process.exitCode = 1
}
