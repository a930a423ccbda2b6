import { spawnSync } from 'node:child_process'
import { buildTestDriver } from '../../../guest/build.ts'
import { type Case, failed, type Outcome } from '../cases.ts'
import { drivers, encodeList, guestInputs, judge } from './guest-protocol.ts'

export interface DriverRun {
  /** Lines that were answered in full. */
  readonly lines: readonly string[]
  /** Why there are fewer lines than inputs; undefined where there are not. */
  readonly failure?: string | undefined
  /** Likewise, where it is no fault of the program. */
  readonly skip?: string | undefined
}

/** Runs a driver on a list of inputs. */
export type RunDriver = (driver: string, input: Uint8Array) => DriverRun

interface Job {
  readonly index: number
  readonly test: Case
  readonly inputs: readonly Uint8Array[]
}

function runJobs(jobs: readonly Job[], run: RunDriver, answered: (index: number, outcome: Outcome) => void): void {
  let rest = jobs
  while (rest.length > 0) {
    const [first] = rest
    if (first === undefined) return
    const { lines, failure, skip } = run(drivers[first.test.kind], encodeList(rest.flatMap(({ inputs }) => inputs)))
    let line = 0
    let done = 0
    for (const { index, test, inputs } of rest) {
      if (line + inputs.length > lines.length) break
      answered(index, judge(test, lines.slice(line, line + inputs.length)))
      line += inputs.length
      done++
    }
    // The case that ended the program is the one whose answer is missing; those behind it get another run.
    const broken = rest[done]
    if (broken === undefined) return
    answered(broken.index, skip === undefined ? failed(failure ?? 'the driver answered too little') : { result: 'skipped', reason: skip })
    rest = rest.slice(done + 1)
  }
}

/** Has a driver of the guest judge the cases, many in a run. */
export function runInDriver(cases: readonly Case[], run: RunDriver): Outcome[] {
  const outcomes: Outcome[] = cases.map(() => failed('the driver did not run'))
  const byKind = Map.groupBy(
    cases.map((test, index): Job => ({ index, test, inputs: guestInputs(test) })),
    ({ test }) => test.kind,
  )
  for (const jobs of byKind.values()) {
    runJobs(jobs, run, (index, outcome) => {
      outcomes[index] = outcome
    })
  }
  return outcomes
}

export interface GuestOptions {
  /** With AddressSanitizer and UndefinedBehaviorSanitizer. */
  readonly sanitize: boolean
}

/** The guest's build for the host. Needs clang and ld.lld. */
export const runInGuest = (cases: readonly Case[], { sanitize }: GuestOptions): Outcome[] =>
  runInDriver(cases, (driver, input) => {
    const program = buildTestDriver(driver, { sanitize })
    const { status, signal, stdout, stderr } = spawnSync(program, { input, maxBuffer: 2 ** 28, encoding: 'utf8' })
    const crash = `the guest crashed: ${status ?? signal} ${stderr.split('\n').find((text) => /ERROR|error/.test(text)) ?? ''}`
    return { lines: stdout.split('\n').slice(0, -1), failure: status === 0 ? undefined : crash }
  })
