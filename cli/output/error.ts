import { DevnetError } from '../../core/index.ts'
import { paint } from './style.ts'

/** An error as lines for a person: what failed, then what to do. */
export function formatError(error: unknown): string {
  if (!(error instanceof DevnetError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `${paint('red', 'error', process.stderr)} unexpected: ${text}`
  }
  return [
    `${paint('red', 'error', process.stderr)} ${error.message} ${paint('dim', `[${error.code}]`, process.stderr)}`,
    ...error.metaMessages.map((line) => `      ${line}`),
  ].join('\n')
}
