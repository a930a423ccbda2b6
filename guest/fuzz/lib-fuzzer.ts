import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildFuzzTarget } from '../build.ts'
import { type FuzzTarget, seedsOf } from './seeds.ts'

const out = join(import.meta.dirname, '../out')
const maxInputBytes = 60_000
const memoryLimitMb = 2_048
/** Of one input; with sanitizers on a busy core. */
const inputLimitSeconds = 25

export interface FuzzResult {
  readonly executions: number
  readonly seconds: number
  /** Edges of the guest's code that were reached, and libFuzzer's finer features. */
  readonly coverage: number
  readonly features: number
  readonly corpusInputs: number
  readonly corpusBytes: number
  /** Inputs that crashed the target, as files. */
  readonly findings: readonly string[]
}

const number = (text: string | undefined): number => Number(text ?? 0)

/** The last line of libFuzzer's that has coverage. */
function coverageOf(log: string): { coverage: number; features: number } {
  const match = [...log.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1)
  return { coverage: number(match?.[1]), features: number(match?.[2]) }
}

async function seedCorpus(target: FuzzTarget, corpus: string): Promise<void> {
  mkdirSync(corpus, { recursive: true })
  for (const [index, seed] of (await seedsOf(target)).entries()) writeFileSync(join(corpus, `seed-${index}`), seed)
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    child.on('error', reject).on('close', () => resolve(log))
  })
}

function findingsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^(crash|leak|timeout|oom)-/.test(name))
    .map((name) => join(directory, name))
}

/** Runs one of guest/fuzz/*.c. Its corpus stays in guest/out, so that the next run goes on from there. */
export async function fuzz(
  target: FuzzTarget,
  { seconds, seed }: { readonly seconds: number; readonly seed: number },
): Promise<FuzzResult> {
  const program = buildFuzzTarget(target)
  const corpus = join(out, 'corpus', target)
  const findings = join(out, 'findings', target)
  await seedCorpus(target, corpus)
  if (existsSync(findings)) rmSync(findings, { recursive: true })
  mkdirSync(findings, { recursive: true })
  const startMs = performance.now()
  const log = await run(program, [
    `-max_total_time=${seconds}`,
    `-seed=${seed}`,
    `-max_len=${maxInputBytes}`,
    `-rss_limit_mb=${memoryLimitMb}`,
    `-timeout=${inputLimitSeconds}`,
    '-print_final_stats=1',
    `-artifact_prefix=${findings}/`,
    corpus,
  ])
  writeFileSync(join(findings, 'log'), log)
  const inputs = readdirSync(corpus).map((name) => join(corpus, name))
  return {
    executions: number(/stat::number_of_executed_units:\s*(\d+)/.exec(log)?.[1]),
    seconds: Math.round((performance.now() - startMs) / 1_000),
    ...coverageOf(log),
    corpusInputs: inputs.length,
    corpusBytes: inputs.reduce((sum, file) => sum + statSync(file).size, 0),
    findings: findingsIn(findings),
  }
}

/** Has the target run these inputs once; throws with the sanitizer's report where one crashes it. */
export async function replay(target: FuzzTarget, files: readonly string[]): Promise<void> {
  const program = buildFuzzTarget(target)
  const log = await run(program, [`-timeout=${inputLimitSeconds}`, ...files])
  const executed = [...log.matchAll(/^Executed /gm)].length
  if (executed !== files.length) throw new Error(`${target} ran ${executed} of ${files.length} inputs\n${log.slice(-4_000)}`)
}
