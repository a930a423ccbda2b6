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
  readonly programId: Hex
}

/**
 * Commits to a program. Takes seconds; `logHeights` are the heights of the tallest table that proofs with this key may have, and the program id
 * depends on them.
 */
export async function createProgramKey({
  program,
  workers,
  parameters = defaultParameters,
  logHeights,
}: {
  readonly program: Program
  readonly workers: ProverWorkers
  readonly parameters?: StarkParameters
  readonly logHeights: readonly number[]
}): Promise<ProgramKey> {
  const machineProgram = new MachineProgram(program)
  const provingKey = await ProvingKey.create({ air: machineAir, parameters, fixed: machineProgram.fixedColumns(), logHeights, workers })
  return { program: machineProgram, provingKey, programId: programIdOf(verifyingKeyDigest(provingKey.verifyingKey), program.entry) }
}

/** A program's id: its instructions and image are in the key's roots, where it begins is not. */
function programIdOf(keyDigest: Uint8Array, entry: number): Hex {
  const message = new Uint8Array(36)
  message.set(keyDigest)
  new DataView(message.buffer).setUint32(32, entry)
  return bytesToHex(keccak256(message))
}
