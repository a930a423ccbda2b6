import { spawnSync } from 'node:child_process'
import { type Case, failed, type Outcome, tooLong } from '../cases.ts'
import { drivers, encodeList, guestInputs, judge } from './guest-protocol.ts'

export interface DriverRun {
  /** Lines that were answered in full. */
  readonly lines: readonly string[]
  /** Why there are fewer lines than inputs; undefined where there are not. */
  readonly failure?: string | undefined
  /** The run was ended because it took longer than a case may, which is this. */
  readonly limit?: string | undefined
}

/** Runs a driver on a list of inputs. */
export type RunDriver = (driver: string, input: Uint8Array) => DriverRun

interface Job {
  readonly index: number
  readonly test: Case
  readonly inputs: readonly Uint8Array[]
}

type Answered = (index: number, outcome: Outcome) => void

/** One run; how many of the jobs it answered, and what ended it before the others. */
function runOnce(driver: string, jobs: readonly Job[], run: RunDriver, answered: Answered): DriverRun & { readonly done: number } {
  const result = run(driver, encodeList(jobs.flatMap(({ inputs }) => inputs)))
  let line = 0
  let done = 0
  for (const { index, test, inputs } of jobs) {
    if (line + inputs.length > result.lines.length) break
    answered(index, judge(test, result.lines.slice(line, line + inputs.length)))
    line += inputs.length
    done++
  }
  return { ...result, done }
}

/** The case that ended a run is the one whose answer is missing; those behind it get another run. */
function runAll(driver: string, jobs: readonly Job[], run: RunDriver, answered: Answered): void {
  let rest = jobs
  let isAlone = false
  while (rest.length > 0) {
    const batch: readonly Job[] = isAlone ? rest.slice(0, 1) : rest
    const { done, failure, limit } = runOnce(driver, batch, run, answered)
    const broken = batch[done]
    rest = rest.slice(done)
    // The limit is that of a case, so the one that was running has it for itself.
    isAlone = limit !== undefined && batch.length > 1
    if (broken === undefined || isAlone) continue
    answered(broken.index, limit === undefined ? failed(failure ?? 'the driver answered too little') : { result: 'skipped', reason: limit })
    rest = rest.slice(1)
  }
}

/** Has a driver of the guest judge the cases, many in a run. */
export function runInDriver(cases: readonly Case[], run: RunDriver): Outcome[] {
  const outcomes: Outcome[] = cases.map(() => failed('the driver did not run'))
  const byKind = Map.groupBy(
    cases.map((test, index): Job => ({ index, test, inputs: guestInputs(test) })),
    ({ test }) => test.kind,
  )
  for (const [kind, jobs] of byKind) {
    runAll(drivers[kind], jobs, run, (index, outcome) => {
      outcomes[index] = outcome
    })
  }
  return outcomes
}

export interface GuestOptions {
  /** Path of the program to a driver. */
  readonly programOf: (driver: string) => string
  /** How long a case may take; for ever when absent. */
  readonly limitMs?: number
}

/** The guest's build for the host. */
export const runInGuest = (cases: readonly Case[], { programOf, limitMs }: GuestOptions): Outcome[] =>
  runInDriver(cases, (driver, input) => {
    const run = spawnSync(programOf(driver), { input, maxBuffer: 2 ** 28, encoding: 'utf8', ...(limitMs && { timeout: limitMs }) })
    const { status, signal, stdout, stderr, error } = run
    const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
    const crash = `the guest crashed: ${status ?? signal} ${stderr.split('\n').find((text) => /ERROR|error/.test(text)) ?? ''}`
    return {
      lines: stdout.split('\n').slice(0, -1),
      failure: status === 0 ? undefined : crash,
      limit: isLate ? tooLong(limitMs ?? 0) : undefined,
    }
  })
