import { decodeGuestLog, type GuestExecutor, GuestFaultError, type GuestRun, type Hex, InvalidProverInputError } from '../../core/index.ts'

/** A guest that runs longer runs for ever: no batch closes with a hundredth of it. */
const maxCycles = 2 ** 37

export interface DigestRequest {
  readonly digest: Hex
  readonly input: Uint8Array
  readonly signal: AbortSignal
  /** Gets the instructions so far. */
  readonly onProgress?: (cycles: number) => void
}

/**
 * Runs the guest and compares what it comes to.
 * @throws InvalidProverInputError unless it is exactly that digest; GuestCrashedError
 */
export async function assertDigest({ digest, input, signal, onProgress }: DigestRequest, guest: GuestExecutor): Promise<GuestRun> {
  const run = await runToEnd(guest, { input, signal, ...(onProgress && { onProgress }) })
  if (run.exitCode !== 0 || run.digest === null) throw new InvalidProverInputError(refusalOf(run))
  if (run.digest !== digest) throw new InvalidProverInputError(`it leads to the digest ${run.digest}, not ${digest}`)
  return run
}

async function runToEnd(guest: GuestExecutor, { input, ...options }: Omit<DigestRequest, 'digest'>): Promise<GuestRun> {
  try {
    return await guest.run(input, { maxCycles, ...options })
  } catch (error) {
    // Runs are deterministic: this one would end the same way again.
    if (error instanceof GuestFaultError) throw new InvalidProverInputError(error.reason.replace(/\.$/, ''), error)
    throw error
  }
}

function refusalOf({ exitMeaning, log }: GuestRun): string {
  const block = decodeGuestLog(log).blocks.at(-1)
  return block === undefined ? exitMeaning : `in block ${block.number} ${exitMeaning}`
}
