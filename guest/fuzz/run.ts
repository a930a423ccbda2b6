import { parseArgs } from 'node:util'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { compareRandomCases } from './differential.ts'
import { fuzz } from './lib-fuzzer.ts'
import { type FuzzTarget, targets } from './seeds.ts'

const usage = `npm run fuzz:guest -- [--target NAME|all|differential] [--seconds N] [--seed S]
  NAME is one of ${targets.join(', ')}; N seconds go to each target (60)`

const isTarget = (name: string): name is FuzzTarget => targets.some((target) => target === name)

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(usage)
  return value
}

async function fuzzTargets(names: readonly FuzzTarget[], seconds: number, seed: number): Promise<boolean> {
  let clean = true
  for (const target of names) {
    const { findings, ...result } = await fuzz(target, { seconds, seed })
    console.info(
      `${target}: ${result.executions} executions in ${result.seconds} s, cov ${result.coverage} ft ${result.features}, ` +
        `corpus ${result.corpusInputs} inputs of ${result.corpusBytes} bytes, ${findings.length} findings`,
    )
    for (const file of findings) console.error(`${target}: ${file}`)
    clean &&= findings.length === 0 && result.executions > 0
  }
  return clean
}

async function runDifferential(seconds: number, seed: number): Promise<boolean> {
  const { compared, skipped, succeeded, differences } = await compareRandomCases({ seconds, firstSeed: seed })
  console.info(
    `differential: ${compared} compared (${succeeded} succeeded), ${skipped} skipped, ${differences.length} differences, seeds from ${seed} on`,
  )
  for (const difference of differences)
    console.error(JSON.stringify(difference, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
  return differences.length === 0
}

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'all' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
})
const seconds = positive(values.seconds)
const seed = positive(values.seed)
if (!hasCompiler()) {
  console.error(compilerNeeded)
  process.exitCode = 1
} else if (values.target === 'differential') {
  if (!(await runDifferential(seconds, seed))) process.exitCode = 1
} else if (values.target === 'all' || isTarget(values.target)) {
  if (!(await fuzzTargets(isTarget(values.target) ? [values.target] : targets, seconds, seed))) process.exitCode = 1
} else {
  console.error(usage)
  process.exitCode = 2
}
