import type { Clock, ProvingProgress, ProvingStep } from '../../core/index.ts'
import { type JobStore, wholeProof } from '../store/job-store.ts'

const notYet: ProvingStep = { phase: 'starting', cycles: 0, segment: null, segments: null }

/** What the holders of leases are at. In memory only: after a restart they say it again. */
export class ProvingSteps {
  readonly #deps: { readonly store: JobStore; readonly clock: Clock }
  readonly #byToken = new Map<string, { readonly sinceMs: number; readonly step: ProvingStep }>()

  constructor(deps: { readonly store: JobStore; readonly clock: Clock }) {
    this.#deps = deps
  }

  leased(token: string): void {
    this.#byToken.set(token, { sinceMs: this.#deps.clock.nowMs(), step: notYet })
  }

  update(token: string, step: ProvingStep): void {
    const sinceMs = this.#byToken.get(token)?.sinceMs ?? this.#deps.clock.nowMs()
    this.#byToken.set(token, { sinceMs, step })
  }

  /** Of the jobs that are leased, oldest batch first; drops what is known of others. */
  list(): readonly ProvingProgress[] {
    const { store, clock } = this.#deps
    const leased = store.leased()
    const tokens = new Set(leased.map(({ leaseToken }) => leaseToken))
    for (const token of this.#byToken.keys()) if (!tokens.has(token)) this.#byToken.delete(token)
    return leased.flatMap(({ digest, batchNumber, agent, leaseToken, segment }) => {
      const known = this.#byToken.get(leaseToken ?? '')
      if (known === undefined || agent === null) return []
      const place = segment === wholeProof ? {} : { segment, segments: store.plan(digest)?.segments ?? null }
      return [{ digest, batchNumber, agent, durationMs: clock.nowMs() - known.sinceMs, ...known.step, ...place }]
    })
  }
}
