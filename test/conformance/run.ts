// Runs official tests on both executors: npm run test:conformance -- [--archive FILE] [--filter PATH] [--case-limit SECONDS] [--json] [--write | --check]
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DevnetError } from '../../core/index.ts'
import { buildMachineDriver, buildTestDriver, compilerNeeded, hasCompiler } from '../../guest/build.ts'
import { type Archive, defaultArchive, openArchive } from './archive.ts'
import { conformanceDocument } from './document.ts'
import { drivers } from './executors/guest-protocol.ts'
import { runJobs } from './pool.ts'
import { type CaseResult, type ExecutorName, type Job, keyOf, type Programs } from './results.ts'
import { spread } from './sample.ts'
import { failedList, folderTable, type Summary, skippedList, summarize } from './table.ts'

const documentPath = join(import.meta.dirname, '../../docs/conformance.md')
const filesPerJob = 24
/** Cases that the machine runs. */
const machineSample = 600

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** At most once a second. */
function progressOf(title: string): (cases: number) => void {
  let done = 0
  let said = performance.now()
  return (cases) => {
    done += cases
    if (performance.now() - said < 1000) return
    said = performance.now()
    say(`${title}: ${done} cases`)
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

/** Copies, so that a run is of one program, whatever becomes of the sources meanwhile. */
function buildPrograms(directory: string): Job['programs'] {
  const names = Object.values(drivers)
  const copies = (build: (driver: string) => string): Programs =>
    new Map(
      names.map((driver) => {
        const program = build(driver)
        const copy = join(directory, basename(program))
        copyFileSync(program, copy)
        return [driver, copy]
      }),
    )
  return {
    guest: copies((driver) => buildTestDriver(driver, { sanitize: false })),
    machine: copies((driver) => buildMachineDriver(driver)),
  }
}

type Frame = Pick<Job, 'directory' | 'programs' | 'limitMs' | 'late'>

function sampleJobs(frame: Frame, results: readonly CaseResult[]): Job[] {
  const ran = results.filter(({ outcomes }) => outcomes.guest?.result === 'passed')
  const byFile = Map.groupBy(spread(ran, machineSample), ({ file }) => file)
  const picks = [...byFile].map(([file, cases]) => ({ file, names: cases.map(({ name }) => name) }))
  return chunks(picks, 4).map((group) => ({ ...frame, picks: group, executors: ['machine'] }))
}

async function runAll(archive: Archive, { filter, limitMs }: { filter: string; limitMs: number }): Promise<CaseResult[]> {
  const workers = availableParallelism()
  const executors: ExecutorName[] = hasCompiler() ? ['library', 'guest'] : ['library']
  if (!hasCompiler()) say(`the guest is skipped: ${compilerNeeded}`)
  const programs = hasCompiler() ? buildPrograms(archive.directory) : { guest: new Map(), machine: new Map() }
  const files = archive.files.filter((file) => file.includes(filter)).map((file) => ({ file }))
  const frame: Frame = { directory: archive.directory, programs, limitMs, late: [] }
  const jobs = chunks(files, filesPerJob).map((picks): Job => ({ ...frame, picks, executors }))
  const results = await runJobs(jobs, { workers, onProgress: progressOf(executors.join(' and ')) })
  const sampled = await runJobs(sampleJobs(frame, results), { workers, onProgress: progressOf('guest in the machine') })
  const machine = new Map(sampled.map((result) => [keyOf(result), result.outcomes]))
  return results.map((result) => ({ ...result, outcomes: { ...result.outcomes, ...machine.get(keyOf(result)) } }))
}

const printSummary = (summary: Summary): void =>
  console.info(
    [
      folderTable(summary),
      `Skipped:\n${skippedList(summary)}`,
      `Failed:\n${failedList(summary)}`,
      ...(['library', 'guest', 'machine'] as const).map((name) => {
        const { ran, passed } = summary.total[name]
        return `${name}: ${passed} passed, ${ran - passed} failed, ${summary.total.cases - ran} skipped`
      }),
    ].join('\n\n'),
  )

function checkDocument(text: string): boolean {
  if (existsSync(documentPath) && readFileSync(documentPath, 'utf8') === text) return true
  say('docs/conformance.md is not what this run says; write it with `npm run test:conformance -- --write`')
  return false
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      archive: { type: 'string', default: defaultArchive },
      'case-limit': { type: 'string', default: '180' },
      filter: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  })
  if (values.filter !== '' && (values.write || values.check)) {
    say('--write and --check are about all cases: leave --filter out')
    return 2
  }
  const limitMs = Number(values['case-limit']) * 1000
  if (!(limitMs > 0)) {
    say('--case-limit takes a number of seconds')
    return 2
  }
  const path = resolve(values.archive)
  if (!existsSync(path)) {
    console.info(`conformance: 0 ran, all skipped: ${path} does not exist`)
    return 0
  }
  const start = performance.now()
  const archive = openArchive(path)
  const results = await runAll(archive, { filter: values.filter, limitMs }).finally(() => archive.remove())
  const summary = summarize(archive.sha256, results)
  if (values.json) console.info(JSON.stringify(summary))
  else printSummary(summary)
  say(`${summary.total.cases} cases in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  const document = conformanceDocument(summary)
  if (values.write) writeFileSync(documentPath, document)
  const isCurrent = !values.check || checkDocument(document)
  return summary.failed.length === 0 && isCurrent ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof DevnetError)) throw error
  say([error.message, ...error.metaMessages].join('\n'))
  process.exitCode = error.exitCode
}
