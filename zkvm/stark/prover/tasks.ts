import type { TileProgram } from '../../air/compile.ts'
import type { Extension } from '../../field/extension.ts'
import type { Kernels, ProgramSource } from '../../kernels/kernels.ts'
import type { Words } from '../../kernels/words.ts'
import { collectGarbage } from './collect-garbage.ts'

/** Part of an array: `count` words from `from`. */
export interface Slice {
  readonly words: Words
  readonly from: number
  readonly count: number
}

/** A column that a program reads, or its coordinate. */
export interface RowSource extends ProgramSource {
  readonly words: Words
}

/** A column of a committed polynomial: its coefficients, and its place j in X^j·f(X^step). */
export interface PackedColumn {
  readonly coefficients: Slice
  readonly place: number
}

/** Where columns of one height are opened: `near` points for each position, of one eighth power, the first at the position. */
export interface ColumnQueries {
  readonly positions: Uint32Array
  readonly points: BigUint64Array
  readonly near: number
  /** For each block of the evaluation domain the n/8-th power of its points, up to the roots of order 8. */
  readonly eighths: BigUint64Array
}

export interface TaskArguments {
  /** Values of columns (one after the other, 2^log each, natural order) to coefficients: in place, or where `out` is. */
  interpolate: {
    readonly words: Words
    readonly out?: Words
    readonly log: number
    readonly columns: readonly number[]
    readonly shift: bigint
  }
  /** Evaluates a packed polynomial on shift·H of 2^log points, bit-reversed. */
  extendPacked: {
    readonly columns: readonly PackedColumn[]
    readonly logPack: number
    readonly log: number
    readonly shift: bigint
    readonly out: Slice
  }
  /** Evaluates columns on shift·H, natural order: what constraints are evaluated on. */
  extendColumns: {
    readonly coefficients: Words
    readonly out: Words
    readonly log: number
    readonly shift: bigint
    readonly columns: readonly number[]
  }
  /** Digests `levels` above the leaves of rows [from, from + count) of a matrix stored column after column. */
  hashRows: {
    readonly matrix: Words
    readonly width: number
    readonly stride: number
    readonly from: number
    readonly count: number
    readonly levels: number
    readonly digests: Slice
  }
  /** Leaf digests of groups of extension values. */
  hashGroups: {
    readonly values: Words
    readonly stride: number
    readonly group: number
    readonly from: number
    readonly count: number
    readonly digests: Slice
  }
  hashPairs: { readonly children: Slice; readonly digests: Slice }
  /** Runs a program over rows [from, from + count) of a table of `height` rows. */
  runProgram: {
    readonly program: TileProgram
    /** One source a slot of the program's columns. */
    readonly sources: readonly RowSource[]
    readonly height: number
    readonly from: number
    readonly count: number
    /** Three arrays of `height`. */
    readonly result?: Words
    /** Three arrays of `height` per output. */
    readonly outputs?: Words
    /** LogUp: outputs come in pairs, numerator and denominator; their quotients are stored in `outputs`, one for each pair, and the sum of them all in place of the last. */
    readonly divide?: boolean
  }
  /** The sum of all terms, three arrays. */
  sum: { readonly terms: Slice; readonly out: Words }
  /** Turns terms into the sums of those before each, less `step` for each. */
  runningSum: { readonly terms: Slice; readonly step: Extension }
  /** isFirst, isLast, isTransition on shift·H of 2^log points, natural order. */
  selectors: { readonly log: number; readonly shift: bigint; readonly out: Words }
  /** Adds up tables' values (three arrays of 2^log, over and over) times `factor`, for rows [from, from + count), to three arrays in `out`. */
  addPeriodic: {
    readonly tables: readonly { readonly values: Words; readonly log: number }[]
    readonly factor: bigint
    readonly from: number
    readonly count: number
    readonly out: Words
    readonly start: number
    readonly stride: number
  }
  /** Remainders modulo X^n − c and X^n + c to coefficients, in place; `c` is the first's. */
  joinRemainders: { readonly low: Slice; readonly high: Slice; readonly c: bigint }
  /** Values of a column of 2^log coefficients at points of the extension, to `out` from `at` on, three words each. */
  evaluate: {
    readonly coefficients: Words
    readonly log: number
    readonly column: number
    /** Three words each. */
    readonly points: BigUint64Array
    readonly out: Words
    readonly at: number
  }
  /** Values of a column at points of its evaluation domain, to `out` from `at` on, query by query. */
  openColumn: { readonly coefficients: Slice; readonly queries: ColumnQueries; readonly out: Words; readonly at: number }
  /** Adds factor·f to packed sums of the extension (three arrays of `stride`), for coefficients [from, from + count) of each f. */
  addScaled: {
    readonly sum: Words
    readonly stride: number
    readonly step: number
    readonly from: number
    readonly count: number
    readonly terms: readonly { readonly coefficients: Words; readonly start: number; readonly place: number; readonly factor: Extension }[]
  }
  addQuotient: {
    readonly quotient: Words
    readonly polynomial: Words
    readonly count: number
    readonly step: number
    readonly divisions: readonly { readonly point: Extension; readonly weight: Extension }[]
  }
  fold: { readonly coefficients: Words; readonly out: Words; readonly count: number; readonly by: number; readonly challenge: Extension }
  collect: Record<never, never>
  /** `state` is a digest. */
  grind: { readonly state: BigUint64Array; readonly bits: number; readonly from: bigint; readonly count: bigint; readonly out: Words }
}

export type TaskName = keyof TaskArguments

export type Task = { readonly [Name in TaskName]: { readonly task: Name } & TaskArguments[Name] }[TaskName]

/** Runs tasks on a thread's kernels. */
export class TaskRunner {
  readonly #kernels: Kernels

  constructor(kernels: Kernels) {
    this.#kernels = kernels
  }

  run(task: Task): void {
    const kernels = this.#kernels
    switch (task.task) {
      case 'interpolate': {
        const { words, out = words, log, columns, shift } = task
        for (const column of columns) kernels.interpolate(columnOf(out, log, column), columnOf(words, log, column), shift)
        break
      }
      case 'extendPacked': {
        const columns = task.columns.map(({ coefficients, place }) => ({ coefficients: sliceOf(coefficients), place }))
        kernels.evaluatePacked(sliceOf(task.out), columns, 2 ** task.logPack, task.shift)
        break
      }
      case 'extendColumns': {
        const { coefficients, out, log, columns, shift } = task
        for (const column of columns) kernels.evaluateInOrder(columnOf(out, log, column), columnOf(coefficients, log, column), shift)
        break
      }
      case 'runProgram':
        this.#runProgram(task)
        break
      case 'hashRows':
        kernels.hashRows(sliceOf(task.digests), task.matrix.subarray(task.from), task)
        break
      case 'hashGroups':
        kernels.hashGroups(sliceOf(task.digests), task.values.subarray(task.from * task.group), task)
        break
      case 'hashPairs':
        kernels.hashPairs(sliceOf(task.digests), sliceOf(task.children))
        break
      case 'runningSum':
        kernels.runningSum(sliceOf(task.terms), task.step)
        break
      case 'sum':
        kernels.sum(task.out, sliceOf(task.terms))
        break
      case 'joinRemainders':
        kernels.joinRemainders(sliceOf(task.low), sliceOf(task.high), task.c)
        break
      case 'selectors':
        kernels.selectors(task.out, task.shift)
        break
      case 'addPeriodic':
        this.#addPeriodic(task)
        break
      case 'evaluate': {
        const { coefficients, log, column, points, out, at } = task
        kernels.evaluateAt(out.subarray(at, at + points.length), columnOf(coefficients, log, column), points)
        break
      }
      case 'openColumn': {
        const { coefficients, queries, out, at } = task
        kernels.openColumn(out.subarray(at, at + queries.points.length), sliceOf(coefficients), queries)
        break
      }
      case 'addScaled': {
        const { sum, stride, step, from, count, terms } = task
        kernels.addScaled(
          { words: sum.subarray(from * step), stride },
          step,
          terms.map(({ coefficients, start, place, factor }) => {
            return { coefficients: coefficients.subarray(start + from, start + from + count), place, factor }
          }),
        )
        break
      }
      case 'addQuotient':
        kernels.addQuotients(task.quotient, task.polynomial, task.step, task.divisions)
        break
      case 'collect':
        collectGarbage()
        break
      case 'fold':
        kernels.fold(task.out, task.coefficients, task.by, task.challenge)
        break
      case 'grind':
        task.out[0] = kernels.grind(task.state, task.bits, task.from, task.from + task.count)
        break
    }
  }

  #runProgram({ program, sources, height, from, count, result, outputs, divide }: TaskArguments['runProgram']): void {
    const rowsOf = (words: Words) => ({ words: words.subarray(from), stride: height })
    this.#kernels.runProgram({
      program,
      sources,
      from,
      count,
      ...(result === undefined ? {} : { result: rowsOf(result) }),
      ...(outputs === undefined ? {} : { outputs: rowsOf(outputs) }),
      ...(divide === undefined ? {} : { divide }),
    })
  }

  /** `count` is a power of two, and `from` a multiple of it. */
  #addPeriodic({ tables, factor, from, count, out, start, stride }: TaskArguments['addPeriodic']): void {
    const result = { words: out.subarray(start + from), stride }
    for (let c = 0; c < 3; c++) result.words.fill(0n, c * stride, c * stride + count)
    for (const { values, log } of tables) {
      const height = 2 ** log
      this.#kernels.addPeriodic(result, count, { words: values.subarray(from % height), stride: height }, Math.min(height, count), factor)
    }
  }
}

function columnOf(words: Words, log: number, column: number): Words {
  return words.subarray(column * 2 ** log, (column + 1) * 2 ** log)
}

function sliceOf({ words, from, count }: Slice): Words {
  return words.subarray(from, from + count)
}
