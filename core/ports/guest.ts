import { DevnetError } from '../errors.ts'
import type { Hex } from '../hex.ts'

/** One call of the guest's log function, with the place in the run at which it was made. */
export interface GuestLogEntry {
  readonly bytes: Uint8Array
  /** Instructions executed before it. */
  readonly cycle: number
  /** The same with each system function at what it costs to prove. */
  readonly weightedCycle: number
}

/** A run of the guest program that came to its end. */
export interface GuestRun {
  /** The guest's status (guest/status.ts); 0 = it accepted the batch. */
  readonly exitCode: number
  /** The status as a clause. */
  readonly exitMeaning: string
  /** Digest of the public inputs; null where the guest refused. */
  readonly digest: Hex | null
  readonly cycles: number
  readonly weightedCycles: number
  /** Calls of each system function that was called, by name. */
  readonly syscallCounts: Readonly<Record<string, number>>
  /** Nothing of it is proven: docs/formats.md §7. */
  readonly log: readonly GuestLogEntry[]
  readonly durationMs: number
}

export interface GuestRunOptions {
  /** Instructions that the guest may execute. */
  readonly maxCycles: number
  readonly signal: AbortSignal
  /** Gets the instructions executed so far, from time to time. */
  readonly onProgress?: (cycles: number) => void
}

/** Runs the guest program. Runs are made one after another. */
export interface GuestExecutor {
  /** Of the program that is run. */
  readonly programId: Hex
  /**
   * @param input docs/formats.md §6
   * @throws GuestFaultError, GuestCrashedError, and the signal's reason
   */
  run(input: Uint8Array, options: GuestRunOptions): Promise<GuestRun>
}

export interface GuestFaultOptions {
  /** Whether cycles, memory or room for the input ran out: nothing that the batch says or does is wrong then. */
  readonly isLimit: boolean
}

/** The machine stopped the guest, or the guest ran out of what the machine has. The same input ends the same way again. */
export class GuestFaultError extends DevnetError {
  override name = 'GuestFaultError'
  readonly reason: string
  readonly isLimit: boolean
  constructor(reason: string, { isLimit }: GuestFaultOptions = { isLimit: false }) {
    super(`The guest program did not come to its end: ${reason}`, {
      code: 'GUEST_FAULT',
      exitCode: 5,
      metaMessages: ['Such a run has no proof. It is a fault of the guest program or of the machine, not of a transaction.'],
    })
    this.reason = reason
    this.isLimit = isLimit
  }
}

/** What runs the guest broke down, for reasons that need not lie in the input. */
export class GuestCrashedError extends DevnetError {
  override name = 'GuestCrashedError'
  constructor(reason: string, cause?: unknown) {
    super(`The thread that runs the guest program ended: ${reason}.`, {
      code: 'GUEST_CRASHED',
      exitCode: 5,
      metaMessages: ['It is tried again. If it goes on, the machine may be short of memory.'],
      cause,
    })
  }
}
