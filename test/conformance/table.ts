import { dirname } from 'node:path'
import type { CaseResult, ExecutorName } from './results.ts'
import { executorNames } from './results.ts'

interface Count {
  readonly ran: number
  readonly passed: number
}

interface FolderRow extends Readonly<Record<ExecutorName, Count>> {
  readonly folder: string
  readonly cases: number
  readonly skipped: number
}

interface ReasonRow {
  readonly reason: string
  /** `case` for what nobody runs, else the executor that does not. */
  readonly of: ExecutorName | 'case'
  readonly cases: number
  readonly files: readonly string[]
}

export interface Summary {
  readonly archive: string
  readonly total: FolderRow
  readonly folders: readonly FolderRow[]
  readonly skipped: readonly ReasonRow[]
  readonly failed: readonly { readonly file: string; readonly name: string; readonly executor: string; readonly reason: string }[]
}

function rowOf(folder: string, results: readonly CaseResult[]): FolderRow {
  const count = (executor: ExecutorName): Count => {
    const all = results.flatMap(({ outcomes }) => outcomes[executor] ?? [])
    return {
      ran: all.filter(({ result }) => result !== 'skipped').length,
      passed: all.filter(({ result }) => result === 'passed').length,
    }
  }
  return {
    folder,
    cases: results.length,
    skipped: results.filter(({ skipped }) => skipped !== undefined).length,
    library: count('library'),
    guest: count('guest'),
    machine: count('machine'),
  }
}

function reasonsOf(results: readonly CaseResult[]): ReasonRow[] {
  const skips = results.flatMap(({ file, skipped, outcomes }) => [
    ...(skipped === undefined ? [] : [{ of: 'case' as const, reason: skipped, file }]),
    ...executorNames.flatMap((of) => {
      const outcome = outcomes[of]
      return outcome?.result === 'skipped' ? [{ of, reason: outcome.reason, file }] : []
    }),
  ])
  const groups = Map.groupBy(skips, ({ of, reason }) => `${of} ${reason}`)
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      return [{ of: first.of, reason: first.reason, cases: group.length, files: [...new Set(group.map(({ file }) => file))].sort() }]
    })
    .sort((a, b) => b.cases - a.cases || (a.reason < b.reason ? -1 : 1))
}

export function summarize(archive: string, results: readonly CaseResult[]): Summary {
  const byFolder = Map.groupBy(results, ({ file }) => dirname(file))
  return {
    archive,
    total: rowOf('all', results),
    folders: [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, group]) => rowOf(folder, group)),
    skipped: reasonsOf(results),
    failed: results.flatMap(({ file, name, outcomes }) =>
      executorNames.flatMap((executor) => {
        const outcome = outcomes[executor]
        return outcome?.result === 'failed' ? [{ file, name, executor, reason: outcome.reason }] : []
      }),
    ),
  }
}

const columns: Readonly<Record<ExecutorName, string>> = {
  library: '@ethereumjs/vm',
  guest: 'guest',
  machine: 'guest in the machine',
}

const share = ({ passed, ran }: Count): string => (ran === 0 ? '–' : passed === ran ? `${passed}` : `**${passed} of ${ran}**`)

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** A row per folder: cases, those that nobody runs, and per executor how many passed; `x of y` where not all that ran did. */
export function folderTable({ folders, total }: Summary): string {
  const cells = ({ folder, cases, skipped, ...counts }: FolderRow): string[] => [
    folder,
    `${cases}`,
    `${skipped}`,
    ...executorNames.map((name) => share(counts[name])),
  ]
  return table(['folder', 'cases', 'skipped', ...executorNames.map((name) => columns[name])], [...folders, total].map(cells))
}

/** A line per reason, with the files that it is about. */
export function skippedList({ skipped }: Summary): string {
  if (skipped.length === 0) return 'None.'
  return skipped
    .map(({ reason, of, cases, files }) => {
      const who = of === 'case' ? '' : ` (${columns[of]} only)`
      return `- ${cases} ${cases === 1 ? 'case' : 'cases'}: ${reason}${who}\n  - ${files.join('\n  - ')}`
    })
    .join('\n')
}

export function failedList({ failed }: Summary): string {
  if (failed.length === 0) return 'None.'
  return failed.map(({ file, name, executor, reason }) => `- ${file} ${name} (${executor}): ${reason}`).join('\n')
}
