import { bytesToHex } from '../../core/index.ts'
import { decodeProofFile, verifyProgram } from '../../zkvm/index.ts'
import type { GlobalFlags } from '../flags.ts'
import { readInput } from './prove.ts'

/** `zkdevnet verify <proof>`. */
export async function verify(proof: string, { program, json }: GlobalFlags & { readonly program: string }): Promise<void> {
  const file = decodeProofFile(readInput(proof))
  await verifyProgram({ elf: readInput(program), file })
  const { exitCode, output } = file.publicValues
  const result = { valid: true, exitCode, output: output === null ? null : bytesToHex(output) }
  process.stdout.write(
    json === true
      ? `${JSON.stringify(result)}\n`
      : `valid: ${program} ran, ended with exit code ${exitCode} and the public output ${result.output ?? 'none'}\n`,
  )
}
