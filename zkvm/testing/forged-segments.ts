import { machineAir } from '../tables/machine/machine-air.ts'
import type { MachineProgram } from '../tables/machine/machine-program.ts'
import { RunPlan } from '../tables/machine/run-plan.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { ForgedRun, type Problems } from './forged-run.ts'
import { book, busOfKey, type Ledger, ledgerKey } from './ledger.ts'

const runBuses = new Set(
  machineAir.tables.flatMap(({ interactions }) => interactions.flatMap(({ bus }) => (bus.scope === 'run' ? [bus.name] : []))),
)

/** The tables of a run in several segments, to be forged and checked. */
export class ForgedSegments {
  /** In the order in which a prover hands them in; it may leave some out. */
  segments: ForgedRun[]
  publicValues: bigint[]
  readonly #own = new Set<ForgedRun>()

  private constructor(segments: readonly ForgedRun[], publicValues: readonly bigint[]) {
    this.segments = [...segments]
    this.publicValues = [...publicValues]
  }

  static of({
    program,
    input = new Uint8Array(),
    segmentLogHeight,
    maxLogPack,
  }: {
    readonly program: MachineProgram
    readonly input?: Uint8Array
    readonly segmentLogHeight: number
    readonly maxLogPack: number
  }): ForgedSegments {
    const plan = new RunPlan({ program, input, maxCycles: 2 ** 22, maxLogPack, maxSegmentLogHeight: segmentLogHeight })
    const publicValues = encodePublicValues(plan.publicValues)
    const segments = plan.segments.map((_, segment) => ForgedRun.ofTraces({ program, traces: plan.traces(segment), publicValues, segment }))
    return new ForgedSegments(segments, publicValues)
  }

  copy(): ForgedSegments {
    return new ForgedSegments(this.segments, this.publicValues)
  }

  /** A segment to forge: one of this run's own, from the first time on. */
  at(index: number): ForgedRun {
    const segment = this.segments[index]
    if (segment === undefined) throw new RangeError(`there is no segment ${index}`)
    if (this.#own.has(segment)) return segment
    const copy = segment.copy()
    this.#own.add(copy)
    this.segments[index] = copy
    return copy
  }

  /** Counts the lookups of what may be forged anew, as any cheater would. */
  settle(): this {
    for (const segment of this.#own) segment.settle()
    return this
  }

  /** What the verifier notices: a segment's place is where it stands, whatever it was made for. */
  problems(): Problems {
    const placed = this.segments.map((segment, place) => segment.placed(place))
    const total: Ledger = new Map()
    placed.forEach((segment, place) => {
      for (const [key, copies] of segment.ledger()) book(total, runBuses.has(busOfKey(key)) ? key : `${place}:${key}`, copies)
    })
    for (const { bus, tuple, multiplicity } of machineAir.publicInteractions(this.publicValues)) {
      book(total, ledgerKey(bus, tuple), multiplicity)
    }
    const tuples = [...total.keys()]
    const buses = new Set(tuples.map((key) => busOfKey(key.replace(/^\d+:/, ''))))
    return { tags: [...new Set(placed.flatMap((segment) => segment.tags()))], tuples, buses: [...buses].sort() }
  }
}
