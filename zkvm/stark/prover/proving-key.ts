import type { Air } from '../../air/air.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { layOut } from '../layout.ts'
import type { StarkParameters } from '../parameters.ts'
import type { VerifyingKey } from '../verifying-key.ts'
import { coefficientsOf } from './coefficients.ts'
import { Commitment } from './commitment.ts'
import type { ProverWorkers } from './workers.ts'

/** Values of a table's fixed columns, column after column; null for a table without any, whose height is the prover's choice. */
export interface FixedColumns {
  readonly logHeight: number
  readonly values: BigUint64Array
}

/** A verifying key with what the prover needs of the fixed columns. */
export class ProvingKey {
  readonly verifyingKey: VerifyingKey
  readonly #fixedRoots = new Map<number, Uint8Array>()
  readonly fixedValues: readonly (Words | null)[]
  readonly fixedCoefficients: readonly (Words | null)[]
  /** The one made last: a proof mostly follows its key. */
  #latest: { readonly logHeight: number; readonly commitment: Commitment } | undefined

  private constructor(
    verifyingKey: Omit<VerifyingKey, 'fixedRoots'>,
    fixedValues: readonly (Words | null)[],
    fixedCoefficients: readonly (Words | null)[],
  ) {
    this.verifyingKey = { ...verifyingKey, fixedRoots: this.#fixedRoots }
    this.fixedValues = fixedValues
    this.fixedCoefficients = fixedCoefficients
  }

  /** Commits to the fixed columns once for each height that the tallest table may have; `prepare` adds others. */
  static async create({
    air,
    parameters,
    fixed,
    logHeights,
    workers,
  }: {
    readonly air: Air
    readonly parameters: StarkParameters
    readonly fixed: readonly (FixedColumns | null)[]
    readonly logHeights: readonly number[]
    readonly workers: ProverWorkers
  }): Promise<ProvingKey> {
    const values = fixed.map((columns) => {
      if (columns === null) return null
      const words = allocateWords(columns.values.length)
      words.set(columns.values)
      return words
    })
    const fixedLogHeights = fixed.map((columns) => columns?.logHeight ?? null)
    const coefficients = await coefficientsOf(
      values,
      fixedLogHeights.map((log) => log ?? 0),
      workers,
    )
    const key = new ProvingKey({ air, parameters, fixedLogHeights }, values, coefficients)
    for (const logHeight of logHeights) await key.prepare(logHeight, workers)
    return key
  }

  /** Whether the verifying key has what proofs need whose tallest table has 2^logHeight rows. */
  isReadyFor(logHeight: number): boolean {
    return this.#fixedRoots.has(logHeight) || this.fixedCoefficients.every((words) => words === null)
  }

  /** Adds a height to those that proofs for the verifying key may have. */
  async prepare(logHeight: number, workers: ProverWorkers): Promise<void> {
    const commitment = await this.commitment(logHeight, workers)
    if (commitment !== null) this.#fixedRoots.set(logHeight, commitment.root)
  }

  /** The commitment to the fixed columns beside a tallest table of 2^logHeight rows; null where the AIR has none. */
  async commitment(logHeight: number, workers: ProverWorkers): Promise<Commitment | null> {
    const { air, parameters, fixedLogHeights } = this.verifyingKey
    if (this.fixedCoefficients.every((words) => words === null)) return null
    if (this.#latest?.logHeight === logHeight) return this.#latest.commitment
    // How fixed columns are packed does not depend on the heights of tables that have none.
    const layout = layOut(
      air,
      fixedLogHeights.map((log) => log ?? logHeight),
      parameters,
    )
    if (layout.logHeight !== logHeight) throw new RangeError(`no table has 2^${logHeight} rows`)
    const commitment = await Commitment.ofStage({ stage: 'fixed', layout, coefficients: this.fixedCoefficients, parameters, workers })
    this.#latest = { logHeight, commitment }
    return commitment
  }
}
