import type { ProgramProvingDetails, ProgramProvingPhase } from '../../zkvm/index.ts'
import { paint } from './style.ts'

interface PhaseView {
  readonly label: string
  /** Share of the time of a proof, as measured at 2^18 rows: what the estimate of the time left is made of. */
  readonly share: number
}

const phases: Readonly<Record<ProgramProvingPhase, PhaseView>> = {
  plan: { label: 'running the program', share: 0.02 },
  trace: { label: 'writing the trace', share: 0.005 },
  key: { label: 'committing to the program', share: 0.045 },
  commit: { label: 'committing to the trace', share: 0.33 },
  bus: { label: 'bus columns', share: 0.33 },
  constraints: { label: 'constraints', share: 0.17 },
  'out-of-domain': { label: 'out-of-domain values', share: 0.025 },
  'low-degree': { label: 'low-degree test', share: 0.015 },
  grinding: { label: 'grinding', share: 0.01 },
  openings: { label: 'openings', share: 0.05 },
  verify: { label: 'verifying', share: 0 },
}

/** Once for the whole run; each segment has the others. */
const phasesOfRun: readonly ProgramProvingPhase[] = ['plan', 'key', 'verify']

/** Before so much of a proof is done, there is nothing to estimate from. */
const leastShare = 0.05
const tickMs = 1000
const eraseLine = '\r\x1b[K'

export interface ProvingProgressOptions {
  readonly isQuiet: boolean
  /** A terminal shows the current phase in a line that is written again each second. */
  readonly isTerminal: boolean
}

export interface ProvingProgressDeps {
  readonly nowMs: () => number
  readonly write: (text: string) => void
  /** Calls back until the function that it returns is called. */
  readonly every: (ms: number, callback: () => void) => () => void
}

const processDeps: ProvingProgressDeps = {
  nowMs: () => performance.now(),
  write: (text) => process.stderr.write(text),
  every(ms, callback) {
    const timer = setInterval(callback, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

/** Phases of a proof on stderr, a line each, with what is probably left. */
export class ProvingProgress {
  readonly #opts: ProvingProgressOptions
  readonly #deps: ProvingProgressDeps
  readonly #startedMs: number
  readonly #stopTicking: () => void
  #phaseStartedMs: number
  /** Shares of the phases before the current one. */
  #done = 0
  #current: PhaseView | undefined
  /** Phases that have begun, with their segment: the second pass repeats some, which then take no time to speak of. */
  readonly #begun = new Set<string>()

  constructor(opts: ProvingProgressOptions, deps: ProvingProgressDeps = processDeps) {
    this.#opts = opts
    this.#deps = deps
    this.#startedMs = this.#phaseStartedMs = deps.nowMs()
    this.#stopTicking = opts.isTerminal && !opts.isQuiet ? deps.every(tickMs, () => this.#tick()) : () => {}
  }

  begin(phase: ProgramProvingPhase, { cycles, segment, segments }: ProgramProvingDetails): void {
    this.finish()
    if (phase !== 'plan' && this.#begun.size === 1) this.#write(`${cycles} cycles${segments > 1 ? ` in ${segments} segments` : ''}\n`)
    this.#current = this.#viewOf(phase, segment, segments)
    this.#tick()
  }

  /** The current phase is done. */
  finish(): void {
    const nowMs = this.#deps.nowMs()
    const current = this.#current
    if (current !== undefined) {
      this.#done += current.share
      this.#current = undefined
      const beginning = this.#opts.isTerminal ? eraseLine : ''
      this.#write(`${beginning}${line(current, nowMs - this.#phaseStartedMs, this.#leftMs(nowMs, nowMs))}\n`)
    }
    this.#phaseStartedMs = nowMs
  }

  /** Nothing more is shown; of a phase that did not end, nothing remains. */
  stop(): void {
    this.#stopTicking()
    if (this.#current !== undefined && this.#opts.isTerminal) this.#write(eraseLine)
    this.#current = undefined
  }

  #viewOf(phase: ProgramProvingPhase, segment: number, segments: number): PhaseView {
    const { label, share } = phases[phase]
    const isOfRun = phasesOfRun.includes(phase)
    const key = isOfRun ? phase : `${phase}:${segment}`
    const isRepeated = this.#begun.has(key)
    this.#begun.add(key)
    const ownShare = isOfRun ? share : share / segments
    return { label: isOfRun || segments === 1 ? label : `${label} ${segment + 1}/${segments}`, share: isRepeated ? 0 : ownShare }
  }

  #tick(): void {
    if (this.#current === undefined || !this.#opts.isTerminal) return
    const nowMs = this.#deps.nowMs()
    this.#write(`${eraseLine}${line(this.#current, nowMs - this.#phaseStartedMs, this.#leftMs(this.#phaseStartedMs, nowMs))}`)
  }

  /** From the time that the phases before `untilMs` took. */
  #leftMs(untilMs: number, nowMs: number): number | undefined {
    if (this.#done < leastShare) return undefined
    const wholeMs = (untilMs - this.#startedMs) / this.#done
    const restMs = wholeMs * (1 - this.#done - (this.#current?.share ?? 0))
    return Math.max(restMs, this.#startedMs + wholeMs - nowMs)
  }

  #write(text: string): void {
    if (!this.#opts.isQuiet) this.#deps.write(text)
  }
}

function line({ label }: PhaseView, tookMs: number, leftMs: number | undefined): string {
  const took = `${label.padEnd(29)} ${(tookMs / 1000).toFixed(1).padStart(6)} s`
  return leftMs === undefined || leftMs < 1000 ? took : `${took}${paint('dim', `  about ${duration(leftMs)} left`, process.stderr)}`
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
