import { bytesToHex, DevnetError, readSetting } from '../../core/index.ts'
import { defaultSegmentLogHeight, encodeProofFile, kernelsInUse, proveProgram } from '../../zkvm/index.ts'
import { assertWritable, readInputFile, writeOutputFile } from '../files.ts'
import type { GlobalFlags } from '../flags.ts'
import { ProvingProgress } from '../output/proving-progress.ts'

class ProveUsageError extends DevnetError {
  override name = 'ProveUsageError'
  constructor(flag: string, value: string, range: string) {
    super(`${flag} cannot be ${JSON.stringify(value)}: it is a whole number ${range}.`, { code: 'PROVE_USAGE', exitCode: 2 })
  }
}

type ProveFlags = GlobalFlags & {
  readonly input?: string
  readonly out: string
  readonly threads?: string
  readonly segmentRows?: string
  readonly kernels?: string
}

/** `zkdevnet prove <program>`. Ctrl+C needs no handler: nothing is written before the proof is there, and then as a whole. */
export async function prove(program: string, { input, out, threads, segmentRows, kernels, json, quiet }: ProveFlags): Promise<void> {
  const startedMs = performance.now()
  const choice = readSetting('kernels', { flag: kernels, env: {} })
  const options = {
    kernels: choice,
    elf: readInputFile(program),
    ...(input === undefined ? {} : { input: readInputFile(input) }),
    ...(threads === undefined ? {} : { threads: threadCount(threads) }),
    ...(segmentRows === undefined ? {} : { segmentLogHeight: segmentLogHeight(segmentRows) }),
  }
  assertWritable(out)
  const progress = new ProvingProgress({ isQuiet: quiet === true || json === true, isTerminal: process.stderr.isTTY })
  try {
    const run = await proveProgram({ ...options, onPhase: (phase, details) => progress.begin(phase, details) })
    progress.finish()
    const file = encodeProofFile(run)
    writeOutputFile(out, file)
    const { exitCode, output } = run.publicValues
    const seconds = (performance.now() - startedMs) / 1000
    const { cycles, segments } = run
    const result = {
      exitCode,
      output: output === null ? null : bytesToHex(output),
      cycles,
      segments,
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
  readonly segments: number
  readonly proofBytes: number
  readonly seconds: number
  readonly kernels: string
}

function formatResult({ exitCode, output, cycles, segments, proofBytes, seconds, kernels }: ProveResult, out: string): string {
  const lines = [
    `exit code      ${exitCode}`,
    `public output  ${output ?? 'none'}`,
    `cycles         ${cycles}${segments > 1 ? ` in ${segments} segments` : ''}`,
    `proof          ${out}, ${Math.round(proofBytes / 1024)} kB, in ${seconds.toFixed(1)} s, kernels: ${kernels}`,
  ]
  return `${lines.join('\n')}\n`
}

function threadCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,2}$/.test(text) || count > 64) throw new ProveUsageError('--threads', text, 'from 0 to 64')
  return count
}

/** A call of keccak takes 800 rows, and more than the default only fits into much memory. */
const segmentLogHeights = { least: 12, most: 21 } as const

function segmentLogHeight(text: string): number {
  const log = Number(text)
  const { least, most } = segmentLogHeights
  if (!/^\d{1,2}$/.test(text) || log < least || log > most) {
    throw new ProveUsageError('--segment-rows', text, `from ${least} to ${most}, ${defaultSegmentLogHeight} by default`)
  }
  return log
}
