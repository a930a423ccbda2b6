import { readFileSync, writeFileSync } from 'node:fs'
import { bytesToHex, DevnetError } from '../../core/index.ts'
import { encodeProofFile, type ProgramProvingPhase, proveProgram } from '../../zkvm/index.ts'
import type { GlobalFlags } from '../flags.ts'
import { ProvingProgress } from '../output/proving-progress.ts'

class ProveUsageError extends DevnetError {
  override name = 'ProveUsageError'
  constructor(value: string) {
    super(`--threads cannot be ${JSON.stringify(value)}: it is a whole number from 0 to 64.`, { code: 'PROVE_USAGE', exitCode: 2 })
  }
}

export class FileNotReadableError extends DevnetError {
  override name = 'FileNotReadableError'
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read.`, { code: 'FILE_NOT_READABLE', exitCode: 2, cause })
  }
}

export class FileNotWritableError extends DevnetError {
  override name = 'FileNotWritableError'
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written.`, { code: 'FILE_NOT_WRITABLE', exitCode: 2, cause })
  }
}

type ProveFlags = GlobalFlags & { readonly input?: string; readonly out: string; readonly threads?: string }

/** `zkdevnet prove <program>`. */
export async function prove(program: string, { input, out, threads, json, quiet }: ProveFlags): Promise<void> {
  const startedMs = performance.now()
  const options = {
    elf: readInput(program),
    ...(input === undefined ? {} : { input: readInput(input) }),
    ...(threads === undefined ? {} : { threads: threadCount(threads) }),
  }
  const progress = new ProvingProgress({ isQuiet: quiet === true || json === true })
  const run = await proveProgram({
    ...options,
    onPhase: (phase: ProgramProvingPhase, { cycles }) => progress.begin(phase, cycles),
  })
  progress.end()
  const file = encodeProofFile(run)
  writeOutput(out, file)
  const { exitCode, output } = run.publicValues
  const seconds = (performance.now() - startedMs) / 1000
  const result = { exitCode, output: output === null ? null : bytesToHex(output), cycles: run.cycles, proofBytes: file.length, seconds }
  if (json === true) {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return
  }
  const size = `${(file.length / 1024).toFixed(0)} kB`
  process.stdout.write(
    `${[
      `exit code      ${exitCode}`,
      `public output  ${result.output ?? 'none'}`,
      `cycles         ${run.cycles}`,
      `proof          ${out}, ${size}, in ${seconds.toFixed(1)} s`,
    ].join('\n')}\n`,
  )
}

function threadCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,2}$/.test(text) || count > 64) throw new ProveUsageError(text)
  return count
}

export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new FileNotReadableError(path, error)
  }
}

function writeOutput(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes)
  } catch (error) {
    throw new FileNotWritableError(path, error)
  }
}
