import { bytesToHex, DevnetError, readSetting } from '../../core/index.ts'
import { encodeProofFile, kernelsInUse, proveProgram } from '../../zkvm/index.ts'
import { assertWritable, readInputFile, writeOutputFile } from '../files.ts'
import type { GlobalFlags } from '../flags.ts'
import { ProvingProgress } from '../output/proving-progress.ts'

class ProveUsageError extends DevnetError {
  override name = 'ProveUsageError'
  constructor(value: string) {
    super(`--threads cannot be ${JSON.stringify(value)}: it is a whole number from 0 to 64.`, { code: 'PROVE_USAGE', exitCode: 2 })
  }
}

type ProveFlags = GlobalFlags & { readonly input?: string; readonly out: string; readonly threads?: string; readonly kernels?: string }

/** `zkdevnet prove <program>`. Ctrl+C needs no handler: nothing is written before the proof is there, and then as a whole. */
export async function prove(program: string, { input, out, threads, kernels, json, quiet }: ProveFlags): Promise<void> {
  const startedMs = performance.now()
  const choice = readSetting('kernels', { flag: kernels, env: {} })
  const options = {
    kernels: choice,
    elf: readInputFile(program),
    ...(input === undefined ? {} : { input: readInputFile(input) }),
    ...(threads === undefined ? {} : { threads: threadCount(threads) }),
  }
  assertWritable(out)
  const progress = new ProvingProgress({ isQuiet: quiet === true || json === true, isTerminal: process.stderr.isTTY })
  try {
    const run = await proveProgram({ ...options, onPhase: (phase, { cycles }) => progress.begin(phase, cycles) })
    progress.finish()
    const file = encodeProofFile(run)
    writeOutputFile(out, file)
    const { exitCode, output } = run.publicValues
    const seconds = (performance.now() - startedMs) / 1000
    const result = {
      exitCode,
      output: output === null ? null : bytesToHex(output),
      cycles: run.cycles,
      proofBytes: file.length,
      seconds,
      kernels: kernelsInUse(choice),
    }
    process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : formatResult(result, out))
  } finally {
    progress.stop()
  }
}

interface ProveResult {
  readonly exitCode: number
  readonly output: string | null
  readonly cycles: number
  readonly proofBytes: number
  readonly seconds: number
  readonly kernels: string
}

function formatResult({ exitCode, output, cycles, proofBytes, seconds, kernels }: ProveResult, out: string): string {
  const lines = [
    `exit code      ${exitCode}`,
    `public output  ${output ?? 'none'}`,
    `cycles         ${cycles}`,
    `proof          ${out}, ${Math.round(proofBytes / 1024)} kB, in ${seconds.toFixed(1)} s, kernels: ${kernels}`,
  ]
  return `${lines.join('\n')}\n`
}

function threadCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,2}$/.test(text) || count > 64) throw new ProveUsageError(text)
  return count
}
