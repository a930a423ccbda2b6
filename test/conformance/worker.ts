import { parentPort } from 'node:worker_threads'
import type { ArchiveEntry, Case, Outcome } from './cases.ts'
import { runInGuest } from './executors/guest.ts'
import { runInLibrary } from './executors/library.ts'
import { runInMachine } from './executors/machine.ts'
import type { CaseResult, ExecutorName, Job } from './results.ts'
import { readFile } from './suites/read-file.ts'

interface Run {
  readonly entry: ArchiveEntry
  readonly test: Case
}

const executors: Readonly<Record<ExecutorName, (cases: readonly Case[]) => Outcome[] | Promise<Outcome[]>>> = {
  library: runInLibrary,
  guest: (cases) => runInGuest(cases, { sanitize: false }),
  // A run to each case, so that the limit of cycles is that of a case.
  machine: (cases) => cases.flatMap((test) => runInMachine([test])),
}

async function run({ directory, picks, executors: names }: Job): Promise<CaseResult[]> {
  const entries = picks.flatMap(({ file, names: wanted }) =>
    readFile(directory, file).filter(({ name }) => wanted === undefined || wanted.includes(name)),
  )
  const runs = entries.flatMap((entry): Run[] => (entry.content.kind === 'skipped' ? [] : [{ entry, test: entry.content }]))
  const outcomes = new Map<ArchiveEntry, Partial<Record<ExecutorName, Outcome>>>(runs.map(({ entry }) => [entry, {}]))
  for (const name of names) {
    const results = await executors[name](runs.map(({ test }) => test))
    for (const [i, { entry }] of runs.entries()) {
      const outcome = results[i]
      if (outcome !== undefined) outcomes.set(entry, { ...outcomes.get(entry), [name]: outcome })
    }
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
    (results) => parentPort?.postMessage({ results }),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
