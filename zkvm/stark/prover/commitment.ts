import type { Stage } from '../../air/expression.ts'
import type { Words } from '../../kernels/words.ts'
import { blockShift, evaluationDomain } from '../domain.ts'
import { type Group, type Layout, widthOf } from '../layout.ts'
import type { StarkParameters } from '../parameters.ts'
import type { RowOpening } from '../proof.ts'
import { MerkleTree } from './merkle-tree.ts'
import { type CommittedPolynomial, RowOpenings } from './row-opening.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** Coefficients of a stage's columns per table: column after column, three arrays for each of the extension. */
export type StageCoefficients = readonly (Words | null)[]

const rowsPerHashTask = 2048

/**
 * Words between one column of a coset and the next, a cache line: columns a power of two apart would have the elements of a row in one set of the
 * caches, where they would push each other out.
 */
const columnGap = 8

/** Levels of the tree that are not kept: a query pays a few more hashes for an eighth of the memory. */
const forgottenLevels = 3

/** The polynomials of a stage, committed to row by row of the evaluation domain. */
export class Commitment {
  readonly tree: MerkleTree
  readonly #polynomials: readonly CommittedPolynomial[]
  readonly #logHeight: number

  private constructor(tree: MerkleTree, polynomials: readonly CommittedPolynomial[], logHeight: number) {
    this.tree = tree
    this.#polynomials = polynomials
    this.#logHeight = logHeight
  }

  static async ofStage(opts: {
    readonly stage: Stage
    readonly layout: Layout
    readonly coefficients: StageCoefficients
    readonly parameters: StarkParameters
    readonly workers: ProverWorkers
    /** Of the same polynomials, where it was kept from another time. */
    readonly tree?: MerkleTree
  }): Promise<Commitment> {
    const { stage, layout, coefficients, tree } = opts
    const width = widthOf(stage)
    const polynomials = layout.groups[stage].flatMap((group) =>
      Array.from({ length: width }, (_, coordinate) => packedPolynomial(group, layout, coefficients, width, coordinate)),
    )
    if (tree !== undefined) return new Commitment(tree, polynomials, layout.logHeight)
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
    const stride = height + columnGap
    const matrix = workers.workspace(stride * polynomials.length)
    const lowest = Math.min(forgottenLevels, logHeight)
    const fill = async (digests: Words): Promise<void> => {
      for (let block = 0; block < 2 ** parameters.logBlowup; block++) {
        const shift = blockShift(domain, logHeight, block)
        await workers.run(
          polynomials.map(
            (polynomial, index): Task => ({
              task: 'extendPacked',
              ...polynomial,
              log: logHeight,
              shift,
              out: { words: matrix, from: index * stride, count: height },
            }),
          ),
        )
        await workers.run(hashTasks({ matrix, width: polynomials.length, stride, height, levels: lowest, digests, block }))
      }
    }
    const tree = await MerkleTree.build({ log: domain.log, lowest, workers, fill })
    return new Commitment(tree, polynomials, logHeight)
  }

  get root(): Uint8Array {
    return this.tree.root
  }

  async open(positions: readonly number[], workers: ProverWorkers): Promise<RowOpening> {
    const { log: logDomain, lowest: logNear } = this.tree
    const openings = await RowOpenings.evaluate({
      polynomials: this.#polynomials,
      positions,
      logDomain,
      logHeight: this.#logHeight,
      logNear,
      workers,
    })
    return {
      rows: positions.map((position) => openings.row(position)),
      nodes: this.tree.nodesFor(positions, (place) => openings.digest(place)),
    }
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

function hashTasks({
  matrix,
  width,
  stride,
  height,
  levels,
  digests,
  block,
}: {
  readonly matrix: Words
  readonly width: number
  readonly stride: number
  readonly height: number
  readonly levels: number
  readonly digests: Words
  readonly block: number
}): Task[] {
  const tasks: Task[] = []
  for (let from = 0; from < height; from += rowsPerHashTask) {
    const count = Math.min(rowsPerHashTask, height - from)
    tasks.push({
      task: 'hashRows',
      matrix,
      width,
      stride,
      from,
      count,
      levels,
      digests: { words: digests, from: (4 * (block * height + from)) / 2 ** levels, count: (4 * count) / 2 ** levels },
    })
  }
  return tasks
}
