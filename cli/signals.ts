import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type StopSignal = (typeof signals)[number]

export interface SignalDeps {
  readonly on: (signal: StopSignal, listener: () => void) => unknown
  readonly nowMs: () => number
  readonly exit: (code: number) => void
}

const processDeps: SignalDeps = {
  on: (signal, listener) => process.on(signal, listener),
  nowMs: () => performance.now(),
  exit: (code) => process.exit(code),
}

// A terminal sends Ctrl+C to the whole process group, and npm or our own launcher hand it on once more: nobody asked twice.
const echoMs = 500

/** Resolves at the first signal that asks the process to end; a second one ends it at once. */
export function untilStopped({ on, nowMs, exit }: SignalDeps = processDeps): Promise<StopSignal> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    for (const signal of signals) {
      on(signal, () => {
        if (askedAt !== undefined && nowMs() - askedAt > echoMs) exit(130)
        askedAt ??= nowMs()
        resolve(signal)
      })
    }
  })
}

/** Resolves when whoever holds the other end of stdin has closed it, or is gone. */
export async function untilStdinCloses(stdin: Readable = process.stdin): Promise<'stdin closed'> {
  // What is read is of no interest, but an end that nobody reads up to is not told.
  stdin.resume()
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  await finished(stdin, { writable: false }).catch(() => {})
  return 'stdin closed'
}
