import type { Trace } from '../../air/air.ts'
import { Machine } from '../../isa/machine.ts'
import type { Step } from '../../isa/trace.ts'
import type { WordPool } from '../../kernels/word-pool.ts'
import { isShared } from '../../kernels/words.ts'
import { CarriedMemory, onlyCells } from '../carried-memory.ts'
import type { PublicValues } from '../public-values.ts'
import type { MachineProgram } from './machine-program.ts'
import { MachineRows } from './machine-trace.ts'

export interface RunPlanOptions {
  readonly program: MachineProgram
  readonly input: Uint8Array
  readonly maxCycles: number
  /** No table is lower than the tallest of its segment by more than 2^maxLogPack. */
  readonly maxLogPack: number
  /** A segment ends before the instruction after which a table might have more than 2^maxSegmentLogHeight rows. */
  readonly maxSegmentLogHeight: number
  /** Where the tables' memory comes from; `release` gives it back. */
  readonly memory?: WordPool | undefined
}

/** A part of a run that has tables of its own. */
interface PlannedSegment {
  readonly firstCycle: number
  readonly cycles: number
}

/**
 * A run that was followed from its start to its halt and cut into segments. The same program, input and options give the same plan and the
 * same tables. Only a run of one segment keeps its rows; others are run again for each of theirs.
 */
export class RunPlan {
  readonly publicValues: PublicValues
  readonly cycles: number
  readonly segments: readonly PlannedSegment[]
  readonly #options: RunPlanOptions
  readonly #registers: CarriedMemory
  readonly #ram: CarriedMemory
  /** Of the only segment, until its tables are asked for. */
  #rows: MachineRows | undefined

  /**
   * @throws MachineFaultError, NotProvableError; RangeError where the run has not halted after `maxCycles`, or where one instruction takes more rows
   *   than a segment has
   */
  constructor(options: RunPlanOptions) {
    const { program, input, maxCycles, maxSegmentLogHeight, memory } = options
    this.#options = options
    this.#registers = new CarriedMemory()
    this.#ram = new CarriedMemory()
    const machine = new Machine({ program: program.program, input })
    const segments: PlannedSegment[] = []
    const maxRows = 2 ** maxSegmentLogHeight
    let rows = new MachineRows(program, undefined, { memory, cycles: Math.min(maxCycles, maxRows) })
    const end = (cycle: number): void => {
      const { firstCycle } = rows
      if (cycle === firstCycle) throw new RangeError(`the instruction of cycle ${cycle} alone takes more than ${maxRows} rows of a table`)
      segments.push({ firstCycle, cycles: cycle - firstCycle })
    }
    machine.runObserved(maxCycles, (step) => {
      if (!rows.hasRoomFor(step, maxRows)) {
        end(step.cycle)
        this.#record(segments.length - 1, rows)
        const next = rows.following(step.cycle)
        rows.release()
        rows = next
      }
      rows.push(step)
    })
    const { exitCode } = machine
    if (exitCode === undefined) throw new RangeError(`the program has not halted after ${maxCycles} cycles`)
    end(machine.cycles)
    if (segments.length > 1) {
      this.#record(segments.length - 1, rows)
      rows.release()
    } else this.#rows = rows
    this.segments = segments
    this.cycles = machine.cycles
    this.publicValues = { entry: program.program.entry, exitCode, output: machine.output ?? null }
  }

  /** The tables of a segment, in the order of the machine's. */
  traces(index: number): Trace[] {
    const { maxLogPack } = this.#options
    const rows = this.#takeRows() ?? this.#rowsOf(index)
    if (this.segments.length === 1) return rows.finish({ maxLogPack, registers: onlyCells(rows.registers), ram: onlyCells(rows.ram) })
    return rows.finish({
      maxLogPack,
      registers: this.#registers.cellsOf(index, rows.registers),
      ram: this.#ram.cellsOf(index, rows.ram),
    })
  }

  /** The tables are not needed any more. */
  release(traces: readonly Trace[]): void {
    for (const { main } of traces) if (isShared(main)) this.#options.memory?.give(main)
  }

  #record(segment: number, { registers, ram }: MachineRows): void {
    this.#registers.record(segment, registers)
    this.#ram.record(segment, ram)
  }

  #takeRows(): MachineRows | undefined {
    const rows = this.#rows
    this.#rows = undefined
    return rows
  }

  /** Without observing what comes before, the machine takes no time to speak of to come there. */
  #rowsOf(index: number): MachineRows {
    const segment = this.segments[index]
    if (segment === undefined) throw new RangeError(`the run has ${this.segments.length} segments, not a segment ${index}`)
    const { program, input, memory } = this.#options
    const machine = new Machine({ program: program.program, input })
    machine.run(segment.firstCycle)
    const rows = new MachineRows(
      program,
      { segment: index, firstCycle: segment.firstCycle, registers: machine.registers },
      { memory, cycles: segment.cycles },
    )
    machine.runObserved(segment.firstCycle + segment.cycles, (step: Readonly<Step>) => rows.push(step))
    return rows
  }
}
