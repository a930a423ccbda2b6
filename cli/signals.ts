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
