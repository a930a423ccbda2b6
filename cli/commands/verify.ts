import { bytesToHex } from '../../core/index.ts'
import { decodeProofFile, verifyProgram } from '../../zkvm/index.ts'
import { readInputFile } from '../files.ts'
import type { GlobalFlags } from '../flags.ts'

/** `zkdevnet verify <proof>`. */
export async function verify(proof: string, { program, json }: GlobalFlags & { readonly program: string }): Promise<void> {
  const elf = readInputFile(program)
  const file = decodeProofFile(readInputFile(proof))
  await verifyProgram({ elf, file })
  const { exitCode, output } = file.publicValues
  const result = { valid: true, exitCode, output: output === null ? null : bytesToHex(output) }
  process.stdout.write(
    json === true
      ? `${JSON.stringify(result)}\n`
      : `valid: ${program} ran and ended\nexit code      ${exitCode}\npublic output  ${result.output ?? 'none'}\n`,
  )
}
