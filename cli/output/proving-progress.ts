import type { ProgramProvingPhase } from '../../zkvm/index.ts'
import { paint } from './style.ts'

interface PhaseView {
  readonly label: string
  /** Share of the time of a proof, as measured at 2^18 rows: what the estimate of the time left is made of. */
  readonly share: number
}

const phases: Readonly<Record<ProgramProvingPhase, PhaseView>> = {
  run: { label: 'running the program', share: 0.01 },
  trace: { label: 'writing the trace', share: 0.02 },
  key: { label: 'committing to the program', share: 0.06 },
  commit: { label: 'committing to the trace', share: 0.29 },
  bus: { label: 'bus columns', share: 0.25 },
  constraints: { label: 'constraints', share: 0.19 },
  'out-of-domain': { label: 'out-of-domain values', share: 0.03 },
  'low-degree': { label: 'low-degree test', share: 0.03 },
  grinding: { label: 'grinding', share: 0.02 },
  openings: { label: 'openings', share: 0.1 },
}

/** A line on stderr for each phase of a proof, with what is probably left. */
export class ProvingProgress {
  readonly #isQuiet: boolean
  readonly #startedMs = performance.now()
  #phaseStartedMs = this.#startedMs
  #done = 0
  #current: PhaseView | undefined

  constructor({ isQuiet }: { readonly isQuiet: boolean }) {
    this.#isQuiet = isQuiet
  }

  begin(phase: ProgramProvingPhase, cycles: number): void {
    this.#finish()
    this.#current = phases[phase]
    if (phase === 'trace') this.#print(`${cycles} cycles`)
  }

  end(): void {
    this.#finish()
    this.#current = undefined
  }

  #finish(): void {
    const nowMs = performance.now()
    if (this.#current !== undefined) {
      this.#done += this.#current.share
      const left = ((nowMs - this.#startedMs) * (1 - this.#done)) / this.#done
      const estimate = this.#done > 0.05 && left > 1_000 ? paint('dim', `  about ${(left / 1000).toFixed(0)} s left`, process.stderr) : ''
      this.#print(`${this.#current.label.padEnd(26)} ${((nowMs - this.#phaseStartedMs) / 1000).toFixed(1).padStart(6)} s${estimate}`)
    }
    this.#phaseStartedMs = nowMs
  }

  #print(line: string): void {
    if (!this.#isQuiet) process.stderr.write(`${line}\n`)
  }
}
