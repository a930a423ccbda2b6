import { loadProgram } from './elf.ts'
import { CycleLimitError } from './errors.ts'
import { Machine } from './machine.ts'
import { type ProfileEntry, toProfile } from './profile.ts'
import type { StepObserver } from './trace.ts'

export interface RunOptions {
  /** An ELF file, see README.md. */
  readonly elf: Uint8Array
  /** Private input; empty when absent. */
  readonly input?: Uint8Array
  /** Instructions that the program may execute. */
  readonly maxCycles: number
  /** Sees every executed instruction. A run without `trace` and `profileTop` is not slowed down by them. */
  readonly trace?: StepObserver
  /** Asks for the profile: so many functions. */
  readonly profileTop?: number
  readonly onLog?: (bytes: Uint8Array) => void
  /** See `MachineOptions`. */
  readonly replaceHint?: (words: Int32Array) => Int32Array
}

export interface RunResult {
  readonly exitCode: number
  /** The 32 bytes that the program committed, or null. */
  readonly output: Uint8Array | null
  readonly cycles: number
  /** Calls of each system function that was called, by name. */
  readonly syscallCounts: Readonly<Record<string, number>>
  /** Empty unless asked for. */
  readonly profile: readonly ProfileEntry[]
}

/**
 * Runs a program from start to halt.
 *
 * @throws ProgramFileError, NotRv32imError, InputTooLongError, MachineFaultError, CycleLimitError
 */
export function runProgram({ elf, input, maxCycles, trace, profileTop, onLog, replaceHint }: RunOptions): RunResult {
  const program = loadProgram(elf)
  const machine = new Machine({ program, ...(input && { input }), ...(onLog && { onLog }), ...(replaceHint && { replaceHint }) })
  const counts = new Float64Array(profileTop === undefined ? 0 : program.code.length)
  if (trace === undefined && profileTop === undefined) machine.run(maxCycles)
  else {
    machine.runObserved(maxCycles, (step) => {
      if (profileTop !== undefined) counts[step.index] = (counts[step.index] ?? 0) + 1
      trace?.(step)
    })
  }
  const { exitCode } = machine
  if (exitCode === undefined) {
    throw new CycleLimitError({ limit: maxCycles, pc: machine.pc, symbol: program.symbols.at(machine.pc) })
  }
  return {
    exitCode,
    output: machine.output ?? null,
    cycles: machine.cycles,
    syscallCounts: machine.callCounts,
    profile: profileTop === undefined ? [] : toProfile(program, counts, profileTop),
  }
}
