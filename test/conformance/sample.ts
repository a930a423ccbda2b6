import { defaultArchive, hasDefaultArchive, openArchive } from './archive.ts'
import type { ArchiveEntry, Case, Outcome } from './cases.ts'
import { readFile } from './suites/read-file.ts'

/** Every so many-th of a list, from the first on: at most `count`. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]).filter((item) => item !== undefined)
}

interface Sampled {
  readonly name: string
  readonly test: Case
}

/** At most so many cases of a suite of the archive, spread over its files; none where the archive is absent. */
export function sampleSuite(suite: string, count: number): Sampled[] {
  if (!hasDefaultArchive) return []
  const archive = openArchive(defaultArchive, suite)
  try {
    const cases = archive.files
      .flatMap((file): ArchiveEntry[] => readFile(archive.directory, file))
      .flatMap(({ file, name, content }) => (content.kind === 'skipped' ? [] : [{ name: `${file} ${name}`, test: content }]))
    return spread(cases, count)
  } finally {
    archive.remove()
  }
}

/** Names and reasons of those that did not pass, for a test's message. */
export const unpassed = (cases: readonly Sampled[], outcomes: readonly Outcome[]): string[] =>
  cases.flatMap(({ name }, i) => {
    const outcome = outcomes[i]
    if (outcome?.result === 'passed') return []
    return [`${name}: ${outcome?.result}: ${outcome?.reason}`]
  })
