import { type Hex, keccak256Hex, type ProofRequest } from '../../core/index.ts'
import { readExample } from '../../guest/examples/programs.ts'
import { WorkerGuestExecutor } from '../../guest/index.ts'
import { createProgramKey, defaultParameters, describeProgram, loadProgram, ProverWorkers, programIdOf } from '../../zkvm/index.ts'

/** Fewer queries and less work than a proof that anybody should believe; the same steps. */
export const smallParameters = { ...defaultParameters, logBlowup: 1, queries: 6, grindingBits: 2 }

/** In place of the guest a program whose digest is keccak256 of its input, with what a verifier knows of it at heights up to 2^17. */
export async function provenProgram() {
  const elf = readExample('keccak')
  const program = loadProgram(elf)
  const workers = new ProverWorkers({ threads: 0 })
  const { provingKey } = await createProgramKey({ program, parameters: smallParameters, workers, logHeights: [16, 17] })
  const description = describeProgram(program.entry, provingKey.verifyingKey)
  const programId = programIdOf(description, smallParameters)
  return { elf, description, programId, guest: new WorkerGuestExecutor({ program: { elf, programId } }) }
}

/** A job for that program. */
export function requestOfInput(programId: Hex, input: Uint8Array, batchNumber = 1n): ProofRequest {
  return { digest: keccak256Hex(input), programId, batchNumber, input }
}
