import type { Trace } from '../air/air.ts'
import { type TableValues, violations } from '../air/check.ts'
import type { Table } from '../air/table.ts'
import { toElement } from '../field/goldilocks.ts'
import { instructions } from '../isa/instructions.ts'
import { Machine } from '../isa/machine.ts'
import type { Step } from '../isa/trace.ts'
import { onlyCells } from '../tables/carried-memory.ts'
import { type MachineTableName, machineAir, machineTableNames, machineTables } from '../tables/machine/machine-air.ts'
import type { MachineProgram } from '../tables/machine/machine-program.ts'
import { MachineRows } from '../tables/machine/machine-trace.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { book, busOfKey, type Ledger, ledgerKey, ledgerOf } from './ledger.ts'
import { isPlain, type RowFunction, rowFunction } from './row-functions.ts'

/** What gives a forgery away. */
export interface Problems {
  /** Tags of constraints that do not hold, each once, in order. */
  readonly tags: readonly string[]
  /** Buses that do not balance, each once, sorted. */
  readonly buses: readonly string[]
  /** Tuples that do not balance. */
  readonly tuples: readonly string[]
}

export interface TracedOptions {
  readonly program: MachineProgram
  readonly input?: Uint8Array
  /** Changes steps before they become rows: a machine that computes wrong. */
  readonly corrupt?: (step: Step) => Step
  readonly replaceHint?: (words: Int32Array) => Int32Array
  /** Where the tables are for a prover: no table is 2^maxLogPack times lower than the tallest one. */
  readonly maxLogPack?: number
}

/** Tables as low as they can be: only provers need them packed. */
const noPacking = 31

/** The tables of a run, to be forged cell by cell and checked. */
export class ForgedRun {
  readonly program: MachineProgram
  readonly values: readonly TableValues[]
  publicValues: bigint[]
  /** Of tables that have not changed since. */
  readonly #ledgers = new Map<Table, Ledger>()
  readonly #tags = new Map<Table, readonly string[]>()

  private constructor(program: MachineProgram, values: readonly TableValues[], publicValues: readonly bigint[]) {
    this.program = program
    this.values = values
    this.publicValues = [...publicValues]
  }

  static of({ program, input = new Uint8Array(), corrupt, replaceHint, maxLogPack = noPacking }: TracedOptions): ForgedRun {
    const machine = new Machine({ program: program.program, input, ...(replaceHint && { replaceHint }) })
    const rows = new MachineRows(program)
    machine.runObserved(2 ** 22, (step) => rows.push(corrupt === undefined ? step : corrupt({ ...step })))
    const { exitCode } = machine
    if (exitCode === undefined) throw new RangeError('the program does not halt')
    const traces = rows.finish({ maxLogPack, registers: onlyCells(rows.registers), ram: onlyCells(rows.ram) })
    const publicValues = encodePublicValues({ entry: program.program.entry, exitCode, output: machine.output ?? null })
    return ForgedRun.ofTraces({ program, traces, publicValues })
  }

  /** The tables of a segment. */
  static ofTraces({
    program,
    traces,
    publicValues,
    segment = 0,
  }: {
    readonly program: MachineProgram
    readonly traces: readonly Trace[]
    readonly publicValues: readonly bigint[]
    readonly segment?: number
  }): ForgedRun {
    const fixed = fixedColumnsOf(program)
    const values = traces.map(({ logHeight, main }, index) => ({
      logHeight,
      main,
      fixed: fixed[index]?.values ?? new BigUint64Array(),
      segment,
    }))
    return new ForgedRun(program, values, publicValues)
  }

  /** A copy of its own, so that one run serves many forgeries. */
  copy(): ForgedRun {
    const values = this.values.map((table) => ({ ...table, main: table.main.slice() }))
    const copy = new ForgedRun(this.program, values, this.publicValues)
    for (const [table, ledger] of this.#ledgers) copy.#ledgers.set(table, ledger)
    for (const [table, tags] of this.#tags) copy.#tags.set(table, tags)
    return copy
  }

  /** The same tables in another segment's place. */
  placed(segment: number): ForgedRun {
    if (this.values[0]?.segment === segment) return this
    const values = this.values.map((table) => ({ ...table, segment }))
    return new ForgedRun(this.program, values, this.publicValues)
  }

  height(table: MachineTableName): number {
    return 2 ** this.#valuesOf(table).logHeight
  }

  get(table: MachineTableName, column: string, row: number): bigint {
    return this.#valuesOf(table).main[this.#position(table, column, row)] ?? 0n
  }

  set(table: MachineTableName, column: string, row: number, value: bigint | number): this {
    this.#valuesOf(table).main[this.#position(table, column, row)] = toElement(BigInt(value))
    this.#ledgers.delete(machineTables[table])
    this.#tags.delete(machineTables[table])
    return this
  }

  add(table: MachineTableName, column: string, row: number, delta: bigint | number): this {
    return this.set(table, column, row, this.get(table, column, row) + BigInt(delta))
  }

  /** Sets several columns of a row. */
  assign(table: MachineTableName, row: number, cells: Readonly<Record<string, bigint | number>>): this {
    for (const [column, value] of Object.entries(cells)) this.set(table, column, row, value)
    return this
  }

  /** All main columns of a row by name. */
  row(table: MachineTableName, row: number): Record<string, bigint> {
    return Object.fromEntries(machineTables[table].mainColumns.map((column) => [column, this.get(table, column, row)]))
  }

  /** The rows on which a column is 1 (or another value). */
  rowsWhere(table: MachineTableName, column: string, value: bigint | number = 1): number[] {
    const rows: number[] = []
    for (let row = 0; row < this.height(table); row++) if (this.get(table, column, row) === BigInt(value)) rows.push(row)
    return rows
  }

  /** The rows of cpu that executed an instruction. */
  executions(mnemonic: string): number[] {
    const { code } = this.program.program
    const isIt = (row: number): boolean => {
      const index = (Number(this.get('cpu', 'pc', row)) - code.base) / 4
      return instructions[code.op[index] ?? instructions.length]?.mnemonic === mnemonic
    }
    return Array.from({ length: this.cycles }, (_, row) => row).filter(isIt)
  }

  get cycles(): number {
    return this.rowWhere('cpu', 'isHalt') + 1
  }

  /** The first row on which a column has a value. */
  rowWhere(table: MachineTableName, column: string, value: bigint | number = 1): number {
    const [row] = this.rowsWhere(table, column, value)
    if (row === undefined) throw new RangeError(`no row of ${table} has ${column} = ${value}`)
    return row
  }

  /** Counts lookups anew, as any cheater would: what is in no fixed table stays out of balance. */
  settle(): this {
    const wanted = this.#total((table) => table.fixedColumns.length === 0)
    machineTableNames.forEach((name) => {
      const table = machineTables[name]
      if (table.fixedColumns.length === 0) return
      const values = this.#valuesOf(name)
      const ledger: Ledger = new Map()
      lookupRows(table, values).forEach((rows, interaction) => {
        const counts = values.main.subarray(interaction * 2 ** values.logHeight, (interaction + 1) * 2 ** values.logHeight)
        counts.fill(0n)
        for (const [key, copies] of wanted) {
          const row = rows.get(key)
          if (row === undefined) continue
          counts[row] = copies
          book(ledger, key, -copies)
        }
      })
      this.#ledgers.set(table, ledger)
    })
    return this
  }

  problems(): Problems {
    const tags = this.tags()
    const total = this.ledger()
    for (const { bus, tuple, multiplicity } of machineAir.publicInteractions(this.publicValues)) {
      book(total, ledgerKey(bus, tuple), multiplicity)
    }
    const tuples = [...total.keys()]
    return { tags, tuples, buses: [...new Set(tuples.map(busOfKey))].sort() }
  }

  /** Tags of constraints that do not hold, each once, in order. */
  tags(): string[] {
    return machineTableNames.flatMap((name) => this.#tagsOf(name))
  }

  /** What all tables send less what they receive. */
  ledger(): Ledger {
    return this.#total()
  }

  /** Sent less received, of all tables but those left out. */
  #total(includes: (table: Table) => boolean = () => true): Ledger {
    const total: Ledger = new Map()
    machineTableNames.forEach((name) => {
      const table = machineTables[name]
      if (!includes(table)) return
      const ledger = this.#ledgers.get(table) ?? ledgerOf(table, this.#valuesOf(name))
      this.#ledgers.set(table, ledger)
      for (const [key, copies] of ledger) book(total, key, copies)
    })
    return total
  }

  #tagsOf(name: MachineTableName): readonly string[] {
    const table = machineTables[name]
    const tags = this.#tags.get(table) ?? violatedTags(table, this.#valuesOf(name))
    this.#tags.set(table, tags)
    return tags
  }

  #valuesOf(name: MachineTableName): TableValues {
    const values = this.values[machineTableNames.indexOf(name)]
    if (values === undefined) throw new RangeError(`there is no table ${name}`)
    return values
  }

  #position(name: MachineTableName, column: string, row: number): number {
    const index = machineTables[name].mainColumns.indexOf(column)
    const height = this.height(name)
    if (index < 0 || row < 0 || row >= height) throw new RangeError(`${name} has no cell ${column}[${row}]`)
    return index * height + row
  }
}

const fixedColumns = new WeakMap<MachineProgram, ReturnType<MachineProgram['fixedColumns']>>()

function fixedColumnsOf(program: MachineProgram): ReturnType<MachineProgram['fixedColumns']> {
  const columns = fixedColumns.get(program) ?? program.fixedColumns()
  fixedColumns.set(program, columns)
  return columns
}

const constraintFunctions = new WeakMap<Table, readonly { readonly tag: string; readonly value: RowFunction }[]>()

/** The constraints of a plain table as functions. */
export function constraintFunctionsOf(table: Table): readonly { readonly tag: string; readonly value: RowFunction }[] {
  const functions =
    constraintFunctions.get(table) ?? table.constraints.map(({ tag, expression }) => ({ tag, value: rowFunction(table, expression) }))
  constraintFunctions.set(table, functions)
  return functions
}

/** Of tables that a program does not use: all their rows are 0 in every run. */
const tagsOfZeros = new Map<string, readonly string[]>()

function violatedTags(table: Table, values: TableValues): readonly string[] {
  if (isPlain(table)) return plainTags(table, values)
  if (values.main.some((cell) => cell !== 0n)) return challengedTags(table, values)
  const key = `${table.name}:${values.logHeight}`
  const tags = tagsOfZeros.get(key) ?? challengedTags(table, values)
  tagsOfZeros.set(key, tags)
  return tags
}

function challengedTags(table: Table, values: TableValues): readonly string[] {
  return [...new Set(violations(table, values).map(({ tag }) => tag))]
}

function plainTags(table: Table, values: TableValues): readonly string[] {
  const rows = rowsThatDiffer(table, values)
  return constraintFunctionsOf(table).flatMap(({ tag, value }) => (rows.some((row) => value(values, row) !== 0n) ? [tag] : []))
}

/** All rows but those of zeros between others, of which one stands for all. */
function rowsThatDiffer(table: Table, { main, logHeight }: TableValues): number[] {
  const height = 2 ** logHeight
  const isEmpty = (row: number): boolean => table.mainColumns.every((_, index) => main[index * height + row] === 0n)
  let last = height - 1
  while (last > 0 && isEmpty(last)) last--
  return Array.from({ length: height }, (_, row) => row).filter((row) => row <= last + 1 || row === height - 1)
}

const rowsByFixedColumns = new WeakMap<BigUint64Array, readonly ReadonlyMap<string, number>[]>()

/** Of a table whose interactions all receive fixed tuples, as often as a column of its own says: the rows by tuple, per interaction. */
export function lookupRows(table: Table, values: TableValues): readonly ReadonlyMap<string, number>[] {
  const known = rowsByFixedColumns.get(values.fixed)
  if (known !== undefined) return known
  const found = table.interactions.map(({ bus, tuple, multiplicity }, interaction) => {
    const count = rowFunction(table, multiplicity)
    const probe = { ...values, main: values.main.map((_, index) => (index === interaction * 2 ** values.logHeight ? 1n : 0n)) }
    if (signOf(count(probe, 0)) !== -1) throw new TypeError(`${table.name} does not count in column ${interaction}`)
    const elements = tuple.map((element) => rowFunction(table, element))
    const rows = new Map<string, number>()
    for (let row = 2 ** values.logHeight - 1; row >= 0; row--)
      rows.set(
        ledgerKey(
          bus,
          elements.map((element) => element(values, row)),
        ),
        row,
      )
    return rows
  })
  rowsByFixedColumns.set(values.fixed, found)
  return found
}

function signOf(element: bigint): number {
  return element === 0n ? 0 : element === toElement(-1n) ? -1 : 1
}
