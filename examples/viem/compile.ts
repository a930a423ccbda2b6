import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Abi, Hex } from 'viem'

const require = createRequire(import.meta.url)

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string
}

interface CompilerOutput {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
}

/** Compiles one Solidity file of this folder with the solc of npm; imports come from node_modules. */
export function compile(file: string, contract: string): { abi: Abi; bytecode: Hex } {
  const solc: Compiler = require('solc')
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: readFileSync(join(import.meta.dirname, file), 'utf8') } },
    settings: { optimizer: { enabled: true }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  const nodeModules = join(dirname(require.resolve('@openzeppelin/contracts/package.json')), '../..')
  const readImport = (path: string) => ({ contents: readFileSync(join(nodeModules, path), 'utf8') })
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }))
  const failures = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  const compiled = output.contracts[file]?.[contract]
  if (failures.length > 0 || compiled === undefined) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` }
}
