import { bytesToHex, DevnetError, decodeGuestLog, type GuestLogEntry } from '../../core/index.ts'
import { CycleLimitError, InputTooLongError, Machine, type Program, weightedCycles } from '../../zkvm/index.ts'
import { guestStatusOf } from '../status.ts'
import { failureText } from './failure-text.ts'
import type { RunAnswer, RunRequest } from './run-message.ts'

/** So often a run looks whether anybody still waits for it: every third of a second or so. */
const cyclesPerLook = 2 ** 26

/** With which the guest gives up a batch that is too much for it. */
const limitStatuses: ReadonlySet<string | undefined> = new Set(['OUT_OF_MEMORY', 'INPUT_TOO_LONG'])

/** Runs the guest in this thread until it halts, faults, or is cancelled. */
export function runGuest(program: Program, { input, maxCycles, cancelled, progress }: RunRequest): RunAnswer {
  const startedMs = performance.now()
  try {
    const log: GuestLogEntry[] = []
    const machine: Machine = new Machine({
      program,
      input,
      onLog: (bytes) => log.push({ bytes, cycle: machine.cycles, weightedCycle: weightedCycles(machine) }),
    })
    while (machine.exitCode === undefined) {
      if (Atomics.load(cancelled, 0) !== 0) return { kind: 'cancelled' }
      if (machine.cycles >= maxCycles)
        throw new CycleLimitError({ limit: maxCycles, pc: machine.pc, symbol: program.symbols.at(machine.pc) })
      machine.run(Math.min(machine.cycles + cyclesPerLook, maxCycles))
      progress[0] = machine.cycles
    }
    if (limitStatuses.has(guestStatusOf(machine.exitCode)?.name))
      return { kind: 'fault', reason: failureText(machine.exitCode, null), isLimit: true }
    return {
      kind: 'ended',
      run: {
        exitCode: machine.exitCode,
        exitMeaning: failureText(machine.exitCode, decodeGuestLog(log).failure),
        digest: machine.output === undefined ? null : bytesToHex(machine.output),
        cycles: machine.cycles,
        weightedCycles: weightedCycles(machine),
        syscallCounts: { ...machine.callCounts },
        log,
        durationMs: performance.now() - startedMs,
      },
    }
  } catch (error) {
    // The machine's own errors follow from program and input. Anything else, a lack of memory say, does not.
    const isLimit = error instanceof CycleLimitError || error instanceof InputTooLongError
    if (error instanceof DevnetError) return { kind: 'fault', reason: error.message, isLimit }
    throw error
  }
}
