// Writes docs/configuration.md from the settings table.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../core/index.ts'

const path = join(import.meta.dirname, '../docs/configuration.md')

const rows = Object.values(settings).map(({ flag, env, default: byDefault, description }) => {
  const shown = byDefault === undefined ? '' : `\`${byDefault}\``
  return `| \`${flag}\` | \`${env}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`
})

const text = `# Configuration

Every setting of \`zkdevnet dev\`: a flag, or an environment variable; the flag wins. Written by \`npm run gen\` from \`core/config/settings.ts\`.

| flag | environment | default | meaning |
|---|---|---|---|
${rows.join('\n')}

Flags of every command: \`--json\` (data as JSON), \`--quiet\` (only data and errors), \`-v\` (more log lines; \`-vv\` for all), \`--help\`. \`NO_COLOR\` is honoured. Data goes to stdout, logs and progress to stderr.

## Exit codes

| code | means |
|---|---|
| 0 | done; also after Ctrl+C |
| 1 | something unexpected |
| 2 | wrong usage: a flag, a value, a directory |
| 3 | a port is in use |
| 4 | L1 cannot be reached |
| 5 | proving failed |
| 6 | the data directory is of another version, or another devnet runs on it |
`

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('docs/configuration.md is not what the settings table says\n')
    process.exit(1)
  }
} else {
  writeFileSync(path, text)
}
