import { loadProgram } from '../isa/elf.ts'
import { CycleLimitError } from '../isa/errors.ts'
import { runProgram } from '../isa/run-program.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { type ProvingPhase, prove } from '../stark/prover/prove.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { traceMachine } from '../tables/machine/machine-trace.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { ProofTooLongError } from './errors.ts'
import { createProgramKey } from './program-key.ts'
import type { ProofFile } from './proof-file.ts'

/** What is done one after the other, for whoever shows progress. */
export type ProgramProvingPhase = 'run' | 'trace' | 'key' | ProvingPhase

export interface ProveProgramOptions {
  /** An ELF file, see zkvm/isa/README.md. */
  readonly elf: Uint8Array
  /** Private input: the proof tells nothing of it that the output does not, but it is not made to hide it either. */
  readonly input?: Uint8Array
  readonly parameters?: StarkParameters
  /** Defaults to one for each core. */
  readonly threads?: number
  readonly onPhase?: (phase: ProgramProvingPhase, details: { readonly cycles: number }) => void
}

export interface ProvenRun extends ProofFile {
  readonly cycles: number
}

/** The tallest table is at most 2^maxLogHeight rows high and has a row for each cycle. */
export function maxProvableCycles({ maxLogHeight }: StarkParameters = defaultParameters): number {
  return 2 ** maxLogHeight
}

/**
 * Runs a program and proves the run.
 *
 * @throws ProgramFileError, NotRv32imError, InputTooLongError, MachineFaultError, ProofTooLongError, NotProvableError
 */
export async function proveProgram({
  elf,
  input = new Uint8Array(),
  parameters = defaultParameters,
  threads,
  onPhase,
}: ProveProgramOptions): Promise<ProvenRun> {
  const limit = maxProvableCycles(parameters)
  onPhase?.('run', { cycles: 0 })
  // First without a trace: whether the program halts in time, and what it does wrong, is known within milliseconds.
  const { cycles } = runWithin(limit, elf, input)
  onPhase?.('trace', { cycles })
  const program = new MachineProgram(loadProgram(elf))
  const { traces, publicValues } = traceMachine({ program, input, maxCycles: cycles, maxLogPack: parameters.maxLogPack })
  const workers = new ProverWorkers(threads === undefined ? {} : { threads })
  try {
    onPhase?.('key', { cycles })
    const logHeight = Math.max(...traces.map((trace) => trace.logHeight))
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights: [logHeight] })
    const proof = await prove({
      key: provingKey,
      publicValues: encodePublicValues(publicValues),
      traces,
      workers,
      onPhase: (phase) => onPhase?.(phase, { cycles }),
    })
    return { publicValues, proof: encodeProof(proof), cycles }
  } finally {
    await workers.close()
  }
}

/**
 * Checks that a proof shows a run of this program with these public values. Commits to the program anew, which takes a second or more.
 *
 * @throws InvalidProofError, ProgramFileError, NotRv32imError
 */
export async function verifyProgram({
  elf,
  file: { publicValues, proof },
  parameters = defaultParameters,
  threads,
}: {
  readonly elf: Uint8Array
  readonly file: ProofFile
  readonly parameters?: StarkParameters
  readonly threads?: number
}): Promise<void> {
  const program = new MachineProgram(loadProgram(elf))
  if (publicValues.entry !== program.program.entry) throw new InvalidProofError('public-values', 'it is of a program that begins elsewhere')
  const workers = new ProverWorkers(threads === undefined ? {} : { threads })
  try {
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights: [tallestOf(proof, parameters)] })
    verify(provingKey.verifyingKey, encodePublicValues(publicValues), decodeProof(proof, provingKey.verifyingKey))
  } finally {
    await workers.close()
  }
}

function runWithin(limit: number, elf: Uint8Array, input: Uint8Array): { readonly cycles: number } {
  try {
    return runProgram({ elf, input, maxCycles: limit })
  } catch (error) {
    if (error instanceof CycleLimitError) throw new ProofTooLongError({ limit })
    throw error
  }
}

/** The height that a proof claims, before it can be decoded: a key is needed for that, and a height for the key. */
function tallestOf(proof: Uint8Array, { minLogHeight, maxLogHeight }: StarkParameters): number {
  const tallest = Math.max(...proof.subarray(1, 1 + machineAir.tables.length))
  if (tallest < minLogHeight || tallest > maxLogHeight) throw new InvalidProofError('heights', `its tallest table has 2^${tallest} rows`)
  return tallest
}
