import * as base from '../../field/goldilocks.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { blockShift, evaluationDomain, pointAt } from '../domain.ts'
import { hashLeaf, hashPair, type NodePlace } from '../merkle.ts'
import type { ColumnQueries, PackedColumn, Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

/** A group as what is committed: one packed polynomial, or one for each coordinate of the extension. */
export interface CommittedPolynomial {
  readonly logPack: number
  /** By their places, none left out. */
  readonly columns: readonly PackedColumn[]
}

/**
 * Rows of the evaluation domain, evaluated once more because nobody kept them. Positions next to each other, 2^logNear of them, are points
 * with the same 2^logNear-th power, so all their values cost little more than one: they give the leaves from which the tree's lowest levels follow.
 */
export class RowOpenings {
  readonly #rows: ReadonlyMap<number, readonly bigint[]>
  readonly #digests = new Map<string, Uint8Array>()

  static async evaluate({
    polynomials,
    positions,
    logDomain,
    logHeight,
    logNear,
    workers,
  }: {
    readonly polynomials: readonly CommittedPolynomial[]
    readonly positions: readonly number[]
    readonly logDomain: number
    readonly logHeight: number
    readonly logNear: number
    readonly workers: ProverWorkers
  }): Promise<RowOpenings> {
    const domain = evaluationDomain(logDomain)
    const near = 2 ** logNear
    const firsts = [...new Set(positions.map((position) => (position >>> logNear) * near))]
    const tasks: Task[] = []
    const queriesOf = new Map<number, ColumnQueries>()
    const results = polynomials.map(({ logPack, columns }) => {
      const queries = queriesOf.get(logPack) ?? columnQueries(firsts, { logDomain, logHeight, logNear, logPack })
      queriesOf.set(logPack, queries)
      const perColumn = queries.points.length
      const values = allocateWords(columns.length * perColumn)
      columns.forEach(({ coefficients }, index) => {
        tasks.push({ task: 'openColumn', coefficients, queries, out: values, at: index * perColumn })
      })
      return values
    })
    await workers.run(tasks)
    const rows = new Map<number, bigint[]>()
    firsts.forEach((first, query) => {
      for (let i = 0; i < near; i++) {
        const x = pointAt(domain, first + i)
        const row = polynomials.map((polynomial, index) => packedValue(polynomial, results[index] as Words, x, query, i, logNear))
        rows.set(first + i, row)
      }
    })
    return new RowOpenings(rows)
  }

  private constructor(rows: ReadonlyMap<number, readonly bigint[]>) {
    this.#rows = rows
  }

  row(position: number): readonly bigint[] {
    const row = this.#rows.get(position)
    if (row === undefined) throw new RangeError(`the row ${position} was not evaluated`)
    return row
  }

  digest({ level, index }: NodePlace): Uint8Array {
    const key = `${level}:${index}`
    const known = this.#digests.get(key)
    if (known !== undefined) return known
    const digest =
      level === 0
        ? hashLeaf(this.row(index))
        : hashPair(this.digest({ level: level - 1, index: 2 * index }), this.digest({ level: level - 1, index: 2 * index + 1 }))
    this.#digests.set(key, digest)
    return digest
  }
}

/** A column f of height n = N/t is part of F at f(x^t), and x^t is a point of the domain of 8n, at the position shifted by log t. */
function columnQueries(
  firsts: readonly number[],
  { logDomain, logHeight, logNear, logPack }: Readonly<Record<'logDomain' | 'logHeight' | 'logNear' | 'logPack', number>>,
): ColumnQueries {
  const log = logHeight - logPack
  const near = 2 ** Math.max(0, logNear - logPack)
  const domain = { log: logDomain - logPack, shift: base.power(evaluationDomain(logDomain).shift, 1n << BigInt(logPack)) }
  const positions = firsts.map((first) => first >>> logPack)
  const points = positions.flatMap((position) => Array.from({ length: near }, (_, i) => pointAt(domain, position + i)))
  const blocks = 2 ** (logDomain - logHeight)
  const eighths = Array.from({ length: blocks }, (_, block) =>
    base.power(blockShift(domain, log, block), 1n << BigInt(Math.max(0, log - 3))),
  )
  return { positions: Uint32Array.from(positions), points: BigUint64Array.from(points), near, eighths: BigUint64Array.from(eighths) }
}

/** F(x) = Σ_j x^j · f_j(x^t). */
function packedValue(
  { logPack, columns }: CommittedPolynomial,
  values: Words,
  x: bigint,
  query: number,
  i: number,
  logNear: number,
): bigint {
  const near = 2 ** Math.max(0, logNear - logPack)
  const perColumn = values.length / columns.length
  const at = query * near + (i >>> logPack)
  return columns.reduceRight((sum, _, column) => base.add(base.mul(sum, x), values[column * perColumn + at] ?? 0n), 0n)
}
