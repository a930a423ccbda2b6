import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeProofFile, encodeProofFile, type PublicValues, proveProgram, runProgram, verifyProgram } from '../../zkvm/index.ts'
import { defaultParameters } from '../../zkvm/stark/parameters.ts'
import { type ExampleName, readExample } from './programs.ts'

/** Fewer queries and less work than a proof that anybody should believe; the same steps. */
const parameters = { ...defaultParameters, logBlowup: 1, queries: 6, grindingBits: 2 }

const inputs: readonly (readonly [ExampleName, Uint8Array])[] = [
  ['keccak', new TextEncoder().encode('what only the prover knows '.repeat(10))],
  ['keccak-in-c', new TextEncoder().encode('what only the prover knows')],
  ['sorting', new Uint8Array(Int32Array.from({ length: 100 }, (_, index) => ((index * 7919) % 1009) - 500).buffer)],
  ['digits', readFileSync(join(import.meta.dirname, 'seven.txt'))],
]

it.each(inputs)(
  '%s is proven and verified, with what it outputs',
  async (name, input) => {
    const elf = readExample(name)
    const { exitCode, output } = runProgram({ elf, input, maxCycles: 2 ** 20 })
    const file = decodeProofFile(encodeProofFile(await proveProgram({ elf, input, parameters })))
    expect(file.publicValues).toMatchObject({ exitCode, output } satisfies Partial<PublicValues>)
    expect(exitCode).toBe(0)
    await expect(verifyProgram({ elf, file, parameters })).resolves.toBeUndefined()
  },
  120_000,
)
