import type { TileProgram } from '../../air/compile.ts'
import type { Extension } from '../../field/extension.ts'
import { inverse, mul, power, rootOfUnity } from '../../field/goldilocks.ts'
import { Kernels, type Pointer, unsigned } from '../../kernels/kernels.ts'

/** Words in shared memory: what tasks read and write, so that only places travel between threads. */
export type Words = BigUint64Array<SharedArrayBuffer>

export function allocateWords(count: number): Words {
  return new BigUint64Array(new SharedArrayBuffer(8 * count))
}

/** Part of an array: `count` words from `from`. */
export interface Slice {
  readonly words: Words
  readonly from: number
  readonly count: number
}

/** A column that a program reads `offset` rows further down: an array of the table's height, or of `period`, from `from` on. */
export interface RowSource {
  readonly words: Words
  readonly from: number
  readonly offset: number
  readonly period?: number
}

/** A column of a committed polynomial: its coefficients, and its place j in X^j·f(X^step). */
export interface PackedColumn {
  readonly coefficients: Slice
  readonly place: number
}

/** Points whose eighth powers are the same, the first of which is at `position`. */
export interface ColumnQuery {
  readonly position: number
  readonly points: readonly bigint[]
}

export interface TaskArguments {
  /** Values of columns (one after the other, 2^log each, natural order) to coefficients, in place. */
  interpolate: { readonly words: Words; readonly log: number; readonly columns: readonly number[]; readonly shift: bigint }
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
  /** Adds up tables' values (three arrays of 2^log, over and over) times `factor`, for rows [from, from + count); c's array starts at starts[c]. */
  addPeriodic: {
    readonly tables: readonly { readonly values: Words; readonly log: number }[]
    readonly factor: bigint
    readonly from: number
    readonly count: number
    readonly out: Words
    readonly starts: readonly number[]
  }
  /** Remainders modulo X^n − c and X^n + c to coefficients, in place; `c` is the first's. */
  joinRemainders: { readonly low: Slice; readonly high: Slice; readonly c: bigint }
  /** Values of a column of 2^log coefficients at points of the extension, to `out` from `at` on, three words each. */
  evaluate: {
    readonly coefficients: Words
    readonly log: number
    readonly column: number
    readonly points: readonly Extension[]
    readonly out: Words
    readonly at: number
  }
  /**
   * Values of a column of 2^log coefficients at points of its evaluation domain, to `out` from `at` on, query by query. `eighths` has for each
   * block of the domain the points' 2^log/8-th power, up to the roots of order 8.
   */
  openColumn: {
    readonly coefficients: Slice
    readonly log: number
    readonly queries: readonly ColumnQuery[]
    readonly eighths: readonly bigint[]
    readonly out: Words
    readonly at: number
  }
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
  grind: { readonly state: Uint8Array; readonly bits: number; readonly from: bigint; readonly count: bigint; readonly out: Words }
}

export type TaskName = keyof TaskArguments

export type Task = { readonly [Name in TaskName]: { readonly task: Name } & TaskArguments[Name] }[TaskName]

/** A thread's kernels with the tables that live as long as it does. */
export class TaskRunner {
  readonly #kernels = new Kernels()
  readonly #twiddles = new Map<string, { readonly pointer: Pointer; readonly shift: bigint }>()

  run(task: Task): void {
    const kernels = this.#kernels
    // Twiddles stay; they are allocated before anything that is taken back.
    switch (task.task) {
      case 'interpolate':
        this.#interpolate(task)
        break
      case 'extendPacked':
        this.#extendPacked(task)
        break
      case 'extendColumns':
        this.#extendColumns(task)
        break
      case 'runProgram':
        kernels.scoped(() => this.#runProgram(task))
        break
      case 'hashRows':
        kernels.scoped(() => this.#hashRows(task))
        break
      case 'hashGroups':
        kernels.scoped(() => this.#hashGroups(task))
        break
      case 'hashPairs':
        kernels.scoped(() => {
          const digests = kernels.allocate(task.digests.count)
          kernels.call.hash_pairs(digests, this.#load(task.children), task.digests.count / 4)
          this.#store(task.digests, digests)
        })
        break
      case 'runningSum':
        kernels.scoped(() => {
          const values = this.#load(task.terms)
          kernels.call.running_sum(values, task.terms.count / 3, kernels.put(task.step))
          this.#store(task.terms, values)
        })
        break
      case 'sum':
        kernels.scoped(() => {
          const out = kernels.allocate(3)
          kernels.call.sum_all(out, this.#load(task.terms), task.terms.count / 3)
          task.out.set(kernels.words(out, 3))
        })
        break
      case 'joinRemainders':
        kernels.scoped(() => {
          const low = this.#load(task.low)
          const high = this.#load(task.high)
          const half = inverse(2n)
          kernels.call.join_remainders(low, high, task.low.count, half, mul(half, inverse(task.c)))
          this.#store(task.low, low)
          this.#store(task.high, high)
        })
        break
      case 'selectors':
        kernels.scoped(() => {
          const size = 2 ** task.log
          const out = kernels.allocate(3 * size)
          kernels.call.selectors(out, task.log, task.shift, rootOfUnity(task.log), kernels.allocate(2 * size))
          task.out.set(kernels.words(out, 3 * size))
        })
        break
      case 'addPeriodic':
        kernels.scoped(() => this.#addPeriodic(task))
        break
      case 'evaluate':
        this.#evaluate(task)
        break
      case 'openColumn':
        kernels.scoped(() => this.#openColumn(task))
        break
      case 'addScaled':
        kernels.scoped(() => this.#addScaled(task))
        break
      case 'addQuotient':
        kernels.scoped(() => {
          const quotient = kernels.put(task.quotient)
          const polynomial = kernels.put(task.polynomial)
          for (const { point, weight } of task.divisions) {
            kernels.call.add_quotient(quotient, polynomial, task.count, task.step, kernels.put(point), kernels.put(weight))
          }
          task.quotient.set(kernels.words(quotient, task.quotient.length))
        })
        break
      case 'fold':
        kernels.scoped(() => {
          const out = kernels.allocate(task.out.length)
          kernels.call.fold(out, kernels.put(task.coefficients), task.count, task.by, kernels.put(task.challenge))
          task.out.set(kernels.words(out, task.out.length))
        })
        break
      case 'grind':
        kernels.scoped(() => {
          const state = kernels.allocate(4)
          kernels.bytes(state, 32).set(task.state)
          task.out[0] = unsigned(kernels.call.grind(state, task.bits, task.from, task.from + task.count))
        })
        break
    }
  }

  /** Those of one coset a height at a time: tasks that follow each other are mostly of the same one. */
  #twiddlesOf(log: number, shift: bigint): Pointer {
    const kind = `${shift === 1n ? 'subgroup' : 'coset'}${log}`
    const known = this.#twiddles.get(kind)
    if (known?.shift === shift) return known.pointer
    const pointer = known?.pointer ?? this.#kernels.allocate(2 ** log)
    this.#kernels.call.ntt_twiddles(pointer, log, rootOfUnity(log), shift)
    this.#twiddles.set(kind, { pointer, shift })
    return pointer
  }

  #load(slice: Slice): Pointer {
    return this.#kernels.put(sliceOf(slice))
  }

  #store({ words, from, count }: Slice, pointer: Pointer): void {
    words.set(this.#kernels.words(pointer, count), from)
  }

  #interpolate({ words, log, columns, shift }: TaskArguments['interpolate']): void {
    const kernels = this.#kernels
    const twiddles = this.#twiddlesOf(log, 1n)
    const size = 2 ** log
    const back = inverse(shift)
    for (const column of columns) {
      kernels.scoped(() => {
        const slice = { words, from: column * size, count: size }
        const values = this.#load(slice)
        kernels.call.interpolate(values, log, twiddles, back)
        this.#store(slice, values)
      })
    }
  }

  #extendPacked({ columns, logPack, log, shift, out }: TaskArguments['extendPacked']): void {
    const kernels = this.#kernels
    const twiddles = this.#twiddlesOf(log, shift)
    const size = 2 ** log
    const step = 2 ** logPack
    kernels.scoped(() => {
      const values = kernels.allocate(size)
      if (columns.length < step) kernels.fill(values, size, 0n)
      for (const { coefficients, place } of columns) {
        if (step === 1) kernels.words(values, size).set(sliceOf(coefficients))
        else kernels.scoped(() => kernels.call.spread(values + 8 * place, this.#load(coefficients), size / step, step))
      }
      kernels.call.ntt(values, log, twiddles)
      this.#store(out, values)
    })
  }

  #extendColumns({ coefficients, out, log, shift, columns }: TaskArguments['extendColumns']): void {
    const kernels = this.#kernels
    const twiddles = this.#twiddlesOf(log, shift)
    const size = 2 ** log
    for (const column of columns) {
      kernels.scoped(() => {
        const values = this.#load({ words: coefficients, from: column * size, count: size })
        kernels.call.ntt(values, log, twiddles)
        kernels.call.bit_reverse(values, log)
        this.#store({ words: out, from: column * size, count: size }, values)
      })
    }
  }

  #hashRows({ matrix, width, stride, from, count, levels, digests }: TaskArguments['hashRows']): void {
    const kernels = this.#kernels
    const rows = kernels.allocate(width * count)
    let out = kernels.allocate(4 * count)
    const target = kernels.words(rows, width * count)
    for (let column = 0; column < width; column++) {
      target.set(matrix.subarray(column * stride + from, column * stride + from + count), column * count)
    }
    kernels.call.hash_rows(out, rows, width, count, count)
    for (let level = 1; level <= levels; level++) {
      const above = kernels.allocate((4 * count) / 2 ** level)
      kernels.call.hash_pairs(above, out, count / 2 ** level)
      out = above
    }
    this.#store(digests, out)
  }

  #hashGroups({ values, stride, group, from, count, digests }: TaskArguments['hashGroups']): void {
    const kernels = this.#kernels
    const size = count * group
    const rows = kernels.allocate(3 * size)
    const out = kernels.allocate(4 * count)
    const target = kernels.words(rows, 3 * size)
    for (let coordinate = 0; coordinate < 3; coordinate++) {
      const start = coordinate * stride + from * group
      target.set(values.subarray(start, start + size), coordinate * size)
    }
    kernels.call.hash_groups(out, rows, size, group, count)
    this.#store(digests, out)
  }

  #runProgram({ program, sources, height, from, count, result, outputs, divide }: TaskArguments['runProgram']): void {
    const kernels = this.#kernels
    // Tiles are read and written whole, past the last row too.
    const rows = Math.ceil(count / tileRows) * tileRows
    const slots = program.columnSlots + program.registers
    const code = kernels.allocate(Math.ceil(program.code.length / 2))
    const slotTable = kernels.allocate(Math.ceil(slots / 2))
    const constants = kernels.put(program.constants.flat())
    const columns = kernels.allocate(program.columnSlots * rows)
    const registers = kernels.allocate(program.registers * tileRows)
    const accumulated = kernels.put(new BigUint64Array(3 * rows))
    const stored = kernels.allocate(program.outputs * 3 * rows)
    const descriptor = kernels.allocate(8)
    kernels.integers(code, program.code.length).set(program.code)
    const table = kernels.integers(slotTable, slots)
    sources.forEach(({ words, from: start, offset, period = height }, slot) => {
      const pointer = columns + 8 * slot * rows
      table[slot] = pointer
      copyCyclic(kernels.words(pointer, count), words.subarray(start, start + period), from + offset)
    })
    for (let register = 0; register < program.registers; register++) {
      table[program.columnSlots + register] = registers + 8 * register * tileRows
    }
    kernels
      .integers(descriptor, 9)
      .set([code, program.code.length / 5, slots, slotTable, program.columnSlots, constants, accumulated, stored, rows])
    kernels.call.run_program(descriptor)
    if (result !== undefined) this.#storeRows(result, height, 0, 3, accumulated, rows, from, count)
    if (outputs === undefined) return
    if (!divide) {
      this.#storeRows(outputs, height, 0, 3 * program.outputs, stored, rows, from, count)
      return
    }
    const pairs = program.outputs / 2
    const total = kernels.put(new BigUint64Array(3 * rows))
    for (let pair = 0; pair < pairs; pair++) {
      const numerator = stored + 8 * 6 * pair * rows
      const denominator = numerator + 8 * 3 * rows
      kernels.scoped(() => {
        // Past the last row there is nothing to divide.
        for (let row = count; row < rows; row++) kernels.words(denominator, rows)[row] = 1n
        kernels.call.ext_invert_all(denominator, rows, kernels.allocate(3 * rows))
        kernels.call.ext_multiply_all(numerator, denominator, rows)
        kernels.call.add_all(total, numerator, 3 * rows)
        this.#storeRows(outputs, height, 3 * pair, 3, pair === pairs - 1 ? total : numerator, rows, from, count)
      })
    }
  }

  /** `count` is a power of two, and `from` a multiple of it. */
  #addPeriodic({ tables, factor, from, count, out, starts }: TaskArguments['addPeriodic']): void {
    const kernels = this.#kernels
    const result = kernels.put(new BigUint64Array(3 * count))
    for (const { values, log } of tables) {
      const height = 2 ** log
      const period = Math.min(height, count)
      const start = from % height
      kernels.scoped(() => {
        const own = kernels.allocate(3 * period)
        for (let c = 0; c < 3; c++) {
          kernels.words(own + 8 * c * period, period).set(values.subarray(c * height + start, c * height + start + period))
        }
        kernels.call.add_periodic(result, count, own, period, factor)
      })
    }
    starts.forEach((start, c) => {
      out.set(kernels.words(result + 8 * c * count, count), start + from)
    })
  }

  #storeRows(
    target: Words,
    height: number,
    firstArray: number,
    arrays: number,
    pointer: Pointer,
    rows: number,
    from: number,
    count: number,
  ): void {
    for (let array = 0; array < arrays; array++) {
      target.set(this.#kernels.words(pointer + 8 * array * rows, count), (firstArray + array) * height + from)
    }
  }

  #evaluate({ coefficients, log, column, points, out, at }: TaskArguments['evaluate']): void {
    const kernels = this.#kernels
    const size = 2 ** log
    kernels.scoped(() => {
      const polynomial = this.#load({ words: coefficients, from: column * size, count: size })
      const value = kernels.allocate(3)
      points.forEach((point, index) => {
        kernels.scoped(() => kernels.call.evaluate_base(value, polynomial, size, kernels.put(point)))
        this.#store({ words: out, from: at + 3 * index, count: 3 }, value)
      })
    })
  }

  #openColumn({ coefficients, log, queries, eighths, out, at }: TaskArguments['openColumn']): void {
    const kernels = this.#kernels
    const { count } = coefficients
    const polynomial = this.#load(coefficients)
    const parts = kernels.allocate(count)
    let written = at
    for (const [block, eighth] of eighths.entries()) {
      const here = queries.filter(({ position }) => position >>> log === block)
      // Split into eighths, each query costs an eighth. That pays where there are several of them.
      const isSplit = log >= minSplitLog && here.length >= minSplitQueries
      if (isSplit) {
        kernels.words(parts, count).set(kernels.words(polynomial, count))
        kernels.scoped(() => kernels.call.split_coset(parts, log, kernels.put(powersUpTo(7, eighth))))
      }
      for (const { position, points } of here) {
        kernels.scoped(() => {
          const values = kernels.allocate(points.length)
          const near = kernels.put(points)
          const part = (position >>> (log - 3)) & 7
          if (isSplit) kernels.call.evaluate_neighbours(values, parts + part * count, count / 8, near, points.length)
          else kernels.call.evaluate_neighbours(values, polynomial, count, near, points.length)
          this.#store({ words: out, from: written, count: points.length }, values)
        })
        written += points.length
      }
    }
  }

  #addScaled({ sum, stride, step, from, count, terms }: TaskArguments['addScaled']): void {
    const kernels = this.#kernels
    const size = count * step
    const total = kernels.allocate(3 * size)
    for (let c = 0; c < 3; c++) {
      const start = c * stride + from * step
      kernels.words(total + 8 * c * size, size).set(sum.subarray(start, start + size))
    }
    for (const { coefficients, start, place, factor } of terms) {
      kernels.scoped(() => {
        const polynomial = this.#load({ words: coefficients, from: start + from, count })
        kernels.call.add_scaled(total, size, place, step, polynomial, count, kernels.put(factor))
      })
    }
    for (let c = 0; c < 3; c++) sum.set(kernels.words(total + 8 * c * size, size), c * stride + from * step)
  }
}

const minSplitLog = 6
const minSplitQueries = 3

/** value, value², … */
function powersUpTo(exponent: number, value: bigint): bigint[] {
  return Array.from({ length: exponent }, (_, index) => power(value, BigInt(index + 1)))
}

function sliceOf({ words, from, count }: Slice): Words {
  return words.subarray(from, from + count)
}

/** As program.c has it. */
const tileRows = 64

/** Fills `target` with source[from…], going on at the start after the end. */
function copyCyclic(target: BigUint64Array, source: BigUint64Array, from: number): void {
  const once = Math.min(source.length, target.length)
  let at = 0
  while (at < once) {
    const start = (from + at) % source.length
    const count = Math.min(once - at, source.length - start)
    target.set(source.subarray(start, start + count), at)
    at += count
  }
  // A short period would take many copies: what is there already is copied, twice as much each time.
  for (; at < target.length; at *= 2) target.copyWithin(at, 0, Math.min(at, target.length - at))
}
