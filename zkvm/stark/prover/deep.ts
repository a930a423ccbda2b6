import type { Stage } from '../../air/expression.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import type { BindingPoint } from '../header.ts'
import { type Layout, widthOf } from '../layout.ts'
import { deepWeight, openingPoint } from '../open-rows.ts'
import type { StageCoefficients } from './commitment.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const coefficientsPerTask = 1 << 14

interface Term {
  readonly coefficients: Words
  readonly start: number
  readonly place: number
  readonly factor: Extension
}

/** Groups with the same pack factor and the same opened rows: their combination is divided once for each row offset. */
interface Combination {
  readonly logPack: number
  readonly offsets: readonly number[]
  readonly terms: Term[]
}

/**
 * The combination of all opened polynomials that FRI tests, as coefficients (three arrays of N): what `openRows` computes point by point.
 * All of it stays with coefficients: a division by X^t − y is one pass, and its remainder is what was claimed.
 */
export async function deepPolynomial({
  layout,
  coefficients,
  quotient,
  point,
  deepChallenge,
  binding,
  workers,
}: {
  readonly layout: Layout
  readonly coefficients: Readonly<Record<Stage, StageCoefficients>>
  readonly quotient: Words
  readonly point: Extension
  readonly deepChallenge: Extension
  /** Where the header says what the main columns combine to. */
  readonly binding: BindingPoint | undefined
  readonly workers: ProverWorkers
}): Promise<Words> {
  const height = 2 ** layout.logHeight
  const combinations = combine(layout, coefficients, quotient, deepChallenge)
  const groups = countGroups(layout) + (binding === undefined ? 0 : 1)
  const result = allocateWords(3 * height)
  // A division is one pass from end to end, so it goes on while the next combination is added up.
  const size = 3 * height
  const sums = workers.workspace(2 * size)
  let division: Task[] = []
  for (const [index, { logPack, offsets, terms }] of [...combinations].entries()) {
    const sum = index % 2 === 0 ? sums.subarray(0, size) : sums.subarray(size)
    sum.fill(0n)
    const step = 2 ** logPack
    await workers.run([...division, ...addTasks(sum, height, step, terms)])
    const divisions = offsets.map((offset, offsetIndex) => ({
      point: openingPoint(layout, point, logPack, offset),
      weight: deepWeight(deepChallenge, groups, 0, offsetIndex),
    }))
    division = [{ task: 'addQuotient', quotient: result, polynomial: sum, count: height, step, divisions }]
  }
  await workers.run(division)
  if (binding === undefined) return result
  const polynomial = allocateWords(3 * height)
  for (const [logPack, terms] of bindingTerms(layout, coefficients.main, binding)) {
    await workers.run(addTasks(polynomial, height, 2 ** logPack, terms))
  }
  const divisions = [{ point: binding.point, weight: deepWeight(deepChallenge, groups, groups - 1, 0) }]
  await workers.run([{ task: 'addQuotient', quotient: result, polynomial, count: height, step: 1, divisions }])
  return result
}

function addTasks(sum: Words, height: number, step: number, terms: readonly Term[]): Task[] {
  const tasks: Task[] = []
  const perTask = Math.max(1, coefficientsPerTask / step)
  for (let from = 0; from < height / step; from += perTask) {
    tasks.push({ task: 'addScaled', sum, stride: height, step, from, count: Math.min(perTask, height / step - from), terms })
  }
  return tasks
}

/** The combination of the main columns that the header speaks of, by pack factor. */
function bindingTerms(layout: Layout, main: StageCoefficients, { challenge }: BindingPoint): Map<number, Term[]> {
  const terms = new Map<number, Term[]>()
  let factor = extension.one
  for (const { logPack, columns } of layout.groups.main) {
    const known = terms.get(logPack) ?? []
    terms.set(logPack, known)
    for (const [place, { table, index }] of columns.entries()) {
      const words = main[table]
      if (words === null || words === undefined) throw new RangeError(`table ${table} has no main columns`)
      known.push({ coefficients: words, start: index * 2 ** (layout.logHeights[table] ?? 0), place, factor })
    }
    factor = extension.mul(factor, challenge)
  }
  return terms
}

function countGroups({ groups }: Layout): number {
  return groups.fixed.length + groups.main.length + groups.aux.length + 2
}

function combine(
  layout: Layout,
  coefficients: Readonly<Record<Stage, StageCoefficients>>,
  quotient: Words,
  deepChallenge: Extension,
): Iterable<Combination> {
  const combinations = new Map<string, Combination>()
  const termsOf = (logPack: number, offsets: readonly number[]): Term[] => {
    const key = `${logPack}:${offsets.join()}`
    const known = combinations.get(key) ?? { logPack, offsets, terms: [] }
    combinations.set(key, known)
    return known.terms
  }
  let weight = extension.one
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    const width = widthOf(stage)
    for (const { logPack, offsets, columns } of layout.groups[stage]) {
      const terms = termsOf(logPack, offsets)
      columns.forEach(({ table, index }, place) => {
        const words = coefficients[stage][table]
        if (words === null || words === undefined) throw new RangeError(`table ${table} has no ${stage} columns`)
        const size = 2 ** (layout.logHeights[table] ?? 0)
        for (let c = 0; c < width; c++)
          terms.push({ coefficients: words, start: (index * width + c) * size, place, factor: timesPowerOfX(weight, c) })
      })
      weight = extension.mul(weight, deepChallenge)
    }
  }
  const height = 2 ** layout.logHeight
  const terms = termsOf(0, [0])
  for (const half of [0, 1]) {
    for (const c of [0, 1, 2])
      terms.push({ coefficients: quotient, start: (2 * c + half) * height, place: 0, factor: timesPowerOfX(weight, c) })
    weight = extension.mul(weight, deepChallenge)
  }
  return combinations.values()
}

/** Coordinate c of a value counts X^c times. */
function timesPowerOfX(weight: Extension, c: number): Extension {
  return extension.mul(weight, extension.power([0n, 1n, 0n], BigInt(c)))
}
