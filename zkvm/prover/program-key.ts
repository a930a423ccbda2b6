import { bytesToHex, type Hex, keccak256 } from '../../core/index.ts'
import type { Program } from '../isa/elf.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { ProvingKey } from '../stark/prover/proving-key.ts'
import type { ProverWorkers } from '../stark/prover/workers.ts'
import { verifyingKeyDigest } from '../stark/verifying-key.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'

/** A program ready to be proven: its tables, and the commitments to its fixed columns. */
export interface ProgramKey {
  readonly program: MachineProgram
  readonly provingKey: ProvingKey
}

/** Commits to a program for proofs whose tallest table has one of these heights. Takes a second or more for each. */
export async function createProgramKey({
  program,
  workers,
  parameters = defaultParameters,
  logHeights,
}: {
  readonly program: MachineProgram | Program
  readonly workers: ProverWorkers
  readonly parameters?: StarkParameters
  readonly logHeights: readonly number[]
}): Promise<ProgramKey> {
  const machineProgram = program instanceof MachineProgram ? program : new MachineProgram(program)
  const fixed = machineProgram.fixedColumns()
  const provingKey = await ProvingKey.create({ air: machineAir, parameters, fixed, logHeights, workers })
  return { program: machineProgram, provingKey }
}

/**
 * The id by which contracts know a program: H of where it begins and of its key at every height that a proof may have, so `key` must have
 * been made for all of them.
 */
export function programIdOf({ program, provingKey: { verifyingKey } }: ProgramKey): Hex {
  const { minLogHeight, maxLogHeight } = verifyingKey.parameters
  const lowest = Math.max(minLogHeight, ...verifyingKey.fixedLogHeights.map((log) => log ?? 0))
  const message = [program.program.entry >>> 24, program.program.entry >>> 16, program.program.entry >>> 8, program.program.entry].map(
    (byte) => byte & 0xff,
  )
  for (let logHeight = lowest; logHeight <= maxLogHeight; logHeight++) {
    if (!verifyingKey.fixedRoots.has(logHeight)) throw new RangeError(`the key was not made for 2^${logHeight} rows`)
    message.push(...verifyingKeyDigest(verifyingKey, logHeight))
  }
  return bytesToHex(keccak256(Uint8Array.from(message)))
}
