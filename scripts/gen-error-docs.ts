// Writes docs/errors.md from the error classes in the source: code, exit code, what it is, what it tells the reader to do.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const path = join(root, 'docs/errors.md')
const folders = ['core', 'database', 'stf', 'sequencer', 'prover', 'contracts', 'l1', 'rpc', 'cli', 'zkvm']

interface Entry {
  readonly code: string
  readonly exitCode: string
  readonly summary: string
  readonly advice: readonly string[]
  readonly file: string
}

function entriesOf(file: string): Entry[] {
  const source = readFileSync(join(root, file), 'utf8')
  const starts = [
    ...source.matchAll(
      /(?:\/\*\*(?<doc>(?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:export )?class \w+ extends (?:DevnetError|InvalidTransactionError) \{/g,
    ),
  ]
  return starts.flatMap((start, index) => {
    const body = source.slice(start.index + start[0].length, starts[index + 1]?.index)
    const code = /code(?::| =) '([A-Z][A-Z0-9_]+)'/.exec(body)?.[1]
    if (code === undefined) return []
    const doc = (start.groups?.doc ?? '')
      .replaceAll(/^\s*\* ?/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    const message = /super\(\s*(?<quote>['"`])(?<text>[\s\S]*?)\k<quote>/.exec(body)?.groups?.text ?? ''
    const advice = /metaMessages: \[(?<lines>[\s\S]*?)\]/.exec(body)?.groups?.lines ?? ''
    return [
      {
        code,
        exitCode: /exitCode: (\d)/.exec(body)?.[1] ?? '1',
        summary: doc === '' ? readable(message) : doc,
        advice: [...advice.matchAll(/(?<quote>['"`])(?<text>(?:(?!\k<quote>)[\s\S])*)\k<quote>/g)].map((match) =>
          readable(match.groups?.text ?? ''),
        ),
        file,
      },
    ]
  })
}

/** Interpolations become an ellipsis; what is left reads as the program prints it. */
function readable(text: string): string {
  return text
    .replaceAll(/\$\{[^}]*\}/g, '…')
    .replaceAll("\\'", "'")
    .replaceAll('\\`', '`')
    .trim()
}

const sources = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).filter((file) => !file.endsWith('.test.ts'))
const byCode = new Map<string, Entry>()
for (const entry of sources.sort().flatMap(entriesOf)) if (!byCode.has(entry.code)) byCode.set(entry.code, entry)
const entries = [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1))

const text = `# Errors

Every error that zkdevnet raises on purpose has a code, which scripts may match on. Written by \`npm run gen\` from the error classes.
${entries
  .map(
    ({ code, exitCode, summary, advice, file }) => `
## ${code}

${summary}
${advice.map((line) => `\n* ${line}`).join('')}${advice.length > 0 ? '\n' : ''}
Raised in \`${file}\`. Exit code of the CLI: ${exitCode}.
`,
  )
  .join('')}`

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('docs/errors.md is not what the error classes say\n')
    process.exit(1)
  }
} else {
  writeFileSync(path, text)
}
