import { paint } from './style.ts'

export interface Progress {
  /** Names what is being done now; the line before it is marked as done with its time. */
  step(title: string): void
  done(): void
}

/** Steps of a start on stderr, so that a wait of over a second says what it waits for. */
export function createProgress({
  enabled,
  nowMs,
  write,
}: {
  enabled: boolean
  nowMs: () => number
  write: (text: string) => void
}): Progress {
  let current: { title: string; since: number } | undefined
  const finish = () => {
    if (current === undefined) return
    const ms = nowMs() - current.since
    write(`${paint('green', '✓', process.stderr)} ${current.title} ${paint('dim', `${Math.round(ms)} ms`, process.stderr)}\n`)
    current = undefined
  }
  return enabled
    ? {
        step(title) {
          finish()
          current = { title, since: nowMs() }
        },
        done: finish,
      }
    : { step() {}, done() {} }
}
