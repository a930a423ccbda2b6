import type { Stage } from '../../air/expression.ts'
import * as base from '../../field/goldilocks.ts'
import { blockShift, evaluationDomain, pointAt } from '../domain.ts'
import { type Group, type Layout, widthOf } from '../layout.ts'
import type { StarkParameters } from '../parameters.ts'
import type { RowOpening } from '../proof.ts'
import { MerkleTree } from './merkle-tree.ts'
import { allocateWords, type PackedColumn, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** Coefficients of a stage's columns per table: column after column, three arrays for each of the extension. */
export type StageCoefficients = readonly (Words | null)[]

/** A group as what is committed: one packed polynomial, or one for each coordinate of the extension. */
interface CommittedPolynomial {
  readonly logPack: number
  readonly columns: readonly PackedColumn[]
}

const rowsPerHashTask = 2048

/** The polynomials of a stage, committed to row by row of the evaluation domain. */
export class Commitment {
  readonly tree: MerkleTree
  readonly #polynomials: readonly CommittedPolynomial[]
  readonly #logDomain: number

  private constructor(tree: MerkleTree, polynomials: readonly CommittedPolynomial[], logDomain: number) {
    this.tree = tree
    this.#polynomials = polynomials
    this.#logDomain = logDomain
  }

  static async ofStage(opts: {
    readonly stage: Stage
    readonly layout: Layout
    readonly coefficients: StageCoefficients
    readonly parameters: StarkParameters
    readonly workers: ProverWorkers
  }): Promise<Commitment> {
    const { stage, layout, coefficients } = opts
    const width = widthOf(stage)
    const polynomials = layout.groups[stage].flatMap((group) =>
      Array.from({ length: width }, (_, coordinate) => packedPolynomial(group, layout, coefficients, width, coordinate)),
    )
    return Commitment.of({ ...opts, polynomials, logHeight: layout.logHeight })
  }

  /** Polynomials of the full height, each an array of coefficients. */
  static async ofPolynomials(opts: {
    readonly coefficients: readonly { readonly words: Words; readonly from: number }[]
    readonly logHeight: number
    readonly parameters: StarkParameters
    readonly workers: ProverWorkers
  }): Promise<Commitment> {
    const count = 2 ** opts.logHeight
    const polynomials = opts.coefficients.map((slice) => ({ logPack: 0, columns: [{ coefficients: { ...slice, count }, place: 0 }] }))
    return Commitment.of({ ...opts, polynomials })
  }

  /** One coset of the tallest table's size at a time, because all of them together would not fit into memory. */
  private static async of({
    polynomials,
    logHeight,
    parameters,
    workers,
  }: {
    readonly polynomials: readonly CommittedPolynomial[]
    readonly logHeight: number
    readonly parameters: StarkParameters
    readonly workers: ProverWorkers
  }): Promise<Commitment> {
    const height = 2 ** logHeight
    const domain = evaluationDomain(logHeight + parameters.logBlowup)
    const matrix = allocateWords(height * polynomials.length)
    const tree = await MerkleTree.build(domain.log, workers, async (digests) => {
      for (let block = 0; block < 2 ** parameters.logBlowup; block++) {
        const shift = blockShift(domain, logHeight, block)
        await workers.run(
          polynomials.map(
            (polynomial, index): Task => ({
              task: 'extendPacked',
              ...polynomial,
              log: logHeight,
              shift,
              out: { words: matrix, from: index * height, count: height },
            }),
          ),
        )
        await workers.run(hashTasks(matrix, polynomials.length, height, digests, block))
      }
    })
    return new Commitment(tree, polynomials, domain.log)
  }

  get root(): Uint8Array {
    return this.tree.root
  }

  async open(positions: readonly number[], workers: ProverWorkers): Promise<RowOpening> {
    const domain = evaluationDomain(this.#logDomain)
    const points = positions.map((position) => pointAt(domain, position))
    return { rows: await this.#valuesAt(points, workers), nodes: this.tree.nodesFor(positions) }
  }

  /** Row by row: F(x) = Σ_j x^j · f_j(x^t) of each polynomial. */
  async #valuesAt(points: readonly bigint[], workers: ProverWorkers): Promise<bigint[][]> {
    const results = this.#polynomials.map(({ columns }) => allocateWords(columns.length * points.length))
    const tasks = this.#polynomials.flatMap(({ logPack, columns }, index) => {
      const raised = points.map((x) => base.power(x, 1n << BigInt(logPack)))
      return columns.map(
        ({ coefficients }, place): Task => ({
          task: 'evaluateAtBase',
          coefficients,
          points: raised,
          out: results[index] as Words,
          at: place * points.length,
        }),
      )
    })
    await workers.run(tasks)
    return points.map((x, row) =>
      this.#polynomials.map(({ columns }, index) =>
        columns.reduce((sum, { place }, column) => {
          const value = results[index]?.[column * points.length + row] ?? 0n
          return base.add(sum, base.mul(base.power(x, BigInt(place)), value))
        }, 0n),
      ),
    )
  }
}

function packedPolynomial(
  { logPack, columns }: Group,
  layout: Layout,
  coefficients: StageCoefficients,
  width: number,
  coordinate: number,
): CommittedPolynomial {
  return {
    logPack,
    columns: columns.map(({ table, index }, place) => {
      const words = coefficients[table]
      const count = 2 ** (layout.logHeights[table] ?? 0)
      if (words === null || words === undefined) throw new RangeError(`table ${table} has no columns of this stage`)
      return { coefficients: { words, from: (index * width + coordinate) * count, count }, place }
    }),
  }
}

function hashTasks(matrix: Words, width: number, height: number, digests: Words, block: number): Task[] {
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerHashTask) {
    const count = Math.min(rowsPerHashTask, height - from)
    tasks.push({
      task: 'hashRows',
      matrix,
      width,
      stride: height,
      from,
      count,
      digests: { words: digests, from: 4 * (block * height + from), count: 4 * count },
    })
  }
  return tasks
}
