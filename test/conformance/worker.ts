import { parentPort } from 'node:worker_threads'
import { type ArchiveEntry, type Case, type Outcome, tooLong } from './cases.ts'
import { runInGuest } from './executors/guest.ts'
import { runInLibrary } from './executors/library.ts'
import { runInMachine } from './executors/machine.ts'
import { type CaseResult, type ExecutorName, type Job, keyOf, type Message, type Programs } from './results.ts'
import { readFile } from './suites/read-file.ts'

interface Run {
  readonly entry: ArchiveEntry
  readonly test: Case
}

const say = (message: Message): void => parentPort?.postMessage(message)

const from = (programs: Programs) => (driver: string) => {
  const program = programs.get(driver)
  if (program === undefined) throw new RangeError(`There is no program ${driver}.`)
  return program
}

async function inLibrary(runs: readonly Run[], { late, limitMs }: Job): Promise<Map<Run, Outcome>> {
  const [skipped, inTime] = [
    runs.filter(({ entry }) => late.includes(keyOf(entry))),
    runs.filter(({ entry }) => !late.includes(keyOf(entry))),
  ]
  const outcomes = await runInLibrary(
    inTime.map(({ test }) => test),
    (index) => {
      const run = inTime[index]
      if (run !== undefined) say({ begins: keyOf(run.entry) })
    },
  )
  say({ begins: undefined })
  return new Map([...zip(inTime, outcomes), ...skipped.map((run) => [run, { result: 'skipped', reason: tooLong(limitMs) }] as const)])
}

const zip = (runs: readonly Run[], outcomes: readonly Outcome[]): Map<Run, Outcome> =>
  new Map(runs.flatMap((run, i) => (outcomes[i] === undefined ? [] : [[run, outcomes[i]] as const])))

const casesOf = (runs: readonly Run[]): Case[] => runs.map(({ test }) => test)

const executors: Readonly<Record<ExecutorName, (runs: readonly Run[], job: Job) => Promise<Map<Run, Outcome>>>> = {
  library: inLibrary,
  guest: async (runs, { programs, limitMs }) => zip(runs, runInGuest(casesOf(runs), { programOf: from(programs.guest), limitMs })),
  // A run to each case, so that the limit of cycles is that of a case.
  machine: async (runs, { programs }) =>
    zip(
      runs,
      casesOf(runs).flatMap((test) => runInMachine([test], from(programs.machine))),
    ),
}

async function run(job: Job): Promise<CaseResult[]> {
  const entries = job.picks.flatMap(({ file, names }) =>
    readFile(job.directory, file).filter(({ name }) => names === undefined || names.includes(name)),
  )
  const runs = entries.flatMap((entry): Run[] => (entry.content.kind === 'skipped' ? [] : [{ entry, test: entry.content }]))
  const outcomes = new Map<ArchiveEntry, Partial<Record<ExecutorName, Outcome>>>()
  for (const name of job.executors) {
    for (const [{ entry }, outcome] of await executors[name](runs, job)) outcomes.set(entry, { ...outcomes.get(entry), [name]: outcome })
  }
  return entries.map((entry) => ({
    file: entry.file,
    name: entry.name,
    ...(entry.content.kind === 'skipped' && { skipped: entry.content.reason }),
    outcomes: outcomes.get(entry) ?? {},
  }))
}

parentPort?.on('message', (job: Job) => {
  run(job).then(
    (results) => say({ results }),
    (error: unknown) => say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
