import { bytesToHex, DevnetError } from '../../core/index.ts'
import { maxProvableCycles, type RunResult, runProgram } from '../../zkvm/index.ts'
import { readInputFile } from '../files.ts'
import type { GlobalFlags } from '../flags.ts'
import { formatTable } from '../output/table.ts'

class RunUsageError extends DevnetError {
  override name = 'RunUsageError'
  constructor(value: string) {
    super(`--max-cycles cannot be ${JSON.stringify(value)}: it is a whole number above 0.`, { code: 'RUN_USAGE', exitCode: 2 })
  }
}

type RunFlags = GlobalFlags & { readonly input?: string; readonly profile?: true; readonly maxCycles: string }

const profileTop = 20

/** `zkdevnet run <program>`: what `prove` would prove, without the proof. */
export function run(program: string, { input, profile, maxCycles, json, quiet }: RunFlags): void {
  const result = runProgram({
    elf: readInputFile(program),
    ...(input === undefined ? {} : { input: readInputFile(input) }),
    maxCycles: cycleCount(maxCycles),
    ...(profile === true ? { profileTop } : {}),
    ...(quiet === true ? {} : { onLog: (bytes: Uint8Array) => process.stderr.write(bytes) }),
  })
  process.stdout.write(json === true ? `${JSON.stringify(toJson(result, profile === true))}\n` : format(result))
}

function toJson({ exitCode, output, cycles, syscallCounts, profile }: RunResult, isProfiled: boolean): unknown {
  const shared = { exitCode, output: output === null ? null : bytesToHex(output), cycles, systemCalls: syscallCounts }
  return isProfiled ? { ...shared, profile } : shared
}

function format({ exitCode, output, cycles, syscallCounts, profile }: RunResult): string {
  const calls = Object.entries(syscallCounts).map(([name, count]) => `${count} ${name}`)
  const lines = [
    `exit code      ${exitCode}`,
    `public output  ${output === null ? 'none' : bytesToHex(output)}`,
    `cycles         ${cycles} of the ${maxProvableCycles()} that one proof can have`,
    `system calls   ${calls.join(', ')}`,
  ]
  if (profile.length > 0) {
    const rows = profile.map(({ symbol, cycles: own }) => [symbol, String(own), `${((100 * own) / cycles).toFixed(1)} %`])
    lines.push('', formatTable([['function', 'cycles', 'share'], ...rows]))
  }
  return `${lines.join('\n')}\n`
}

function cycleCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,15}$/.test(text) || count === 0) throw new RunUsageError(text)
  return count
}
