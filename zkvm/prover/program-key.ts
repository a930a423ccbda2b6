import type { Program } from '../isa/elf.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { ProvingKey } from '../stark/prover/proving-key.ts'
import type { ProverWorkers } from '../stark/prover/workers.ts'
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

/** log2 of the heights that the tallest table of a proof of this program can have. */
export function provableHeights(program: Program, { minLogHeight, maxLogHeight }: StarkParameters = defaultParameters): readonly number[] {
  const fixed = new MachineProgram(program).fixedColumns().map((columns) => columns?.logHeight ?? 0)
  const lowest = Math.max(minLogHeight, ...fixed)
  return Array.from({ length: maxLogHeight - lowest + 1 }, (_, index) => lowest + index)
}
