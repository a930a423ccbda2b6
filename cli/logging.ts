import pino from 'pino'
import pretty from 'pino-pretty'

const levels = ['info', 'debug', 'trace'] as const

export interface LogOptions {
  readonly quiet: boolean
  /** How often -v was given. */
  readonly verbosity: number
  readonly json: boolean
}

export function logLevel({ quiet, verbosity }: Pick<LogOptions, 'quiet' | 'verbosity'>): string {
  return quiet ? 'error' : (levels[Math.min(verbosity, levels.length - 1)] ?? 'info')
}

/** Log on stderr: lines for a person on a terminal, JSON otherwise. Written at once, so that a crash loses no line. */
export function createLog(options: LogOptions): pino.Logger {
  const level = logLevel(options)
  const stderr = pino.destination({ dest: 2, sync: true })
  if (options.json || !process.stderr.isTTY) return pino({ level, base: null }, stderr)
  return pino(
    { level, base: null },
    pretty({
      destination: 2,
      sync: true,
      singleLine: true,
      ignore: 'pid,hostname',
      translateTime: 'SYS:HH:MM:ss.l',
      colorize: process.env.NO_COLOR === undefined,
    }),
  )
}
