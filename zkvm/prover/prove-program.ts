import type { Trace } from '../air/air.ts'
import { loadProgram, type Program } from '../isa/elf.ts'
import { Machine } from '../isa/machine.ts'
import type { KernelChoice } from '../kernels/kernels.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { type ProvingPhase, prove } from '../stark/prover/prove.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { verifyingKeyDigest } from '../stark/verifying-key.ts'
import { NotProvableError } from '../tables/errors.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { traceMachine } from '../tables/machine/machine-trace.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { ProgramTooLargeError, ProofOfAnotherProgramError, ProofTooLongError } from './errors.ts'
import { createProgramKey } from './program-key.ts'
import type { ProofFile } from './proof-file.ts'

/** What is done one after the other, for whoever shows progress. */
export type ProgramProvingPhase = 'run' | 'trace' | 'key' | ProvingPhase | 'verify'

export interface ProveProgramOptions {
  /** An ELF file, see zkvm/isa/README.md. */
  readonly elf: Uint8Array
  /** Private input: the proof tells nothing of it that the output does not, but it is not made to hide it either. */
  readonly input?: Uint8Array
  readonly parameters?: StarkParameters
  /** Defaults to one for each core. */
  readonly threads?: number
  /** Defaults to what ZKDEVNET_KERNELS says. */
  readonly kernels?: KernelChoice
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
 * @throws ProgramFileError, NotRv32imError, InputTooLongError, MachineFaultError, ProofTooLongError, ProgramTooLargeError, NotProvableError, KernelsUnavailableError
 */
export async function proveProgram({
  elf,
  input = new Uint8Array(),
  parameters = defaultParameters,
  threads,
  kernels,
  onPhase,
}: ProveProgramOptions): Promise<ProvenRun> {
  onPhase?.('run', { cycles: 0 })
  const loaded = loadProgram(elf)
  // First without a trace: how long the run is, and what the program does wrong, is known within seconds.
  const cycles = cyclesOf(loaded, input, maxProvableCycles(parameters))
  onPhase?.('trace', { cycles })
  const program = machineProgram(loaded, parameters)
  const { traces, publicValues } = traceMachine({ program, input, maxCycles: cycles, maxLogPack: parameters.maxLogPack })
  const logHeight = tallestTraced(traces, parameters)
  const workers = new ProverWorkers({ threads, kernels })
  try {
    onPhase?.('key', { cycles })
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights: [logHeight] })
    const proof = await prove({
      key: provingKey,
      publicValues: encodePublicValues(publicValues),
      traces,
      workers,
      onPhase: (phase) => onPhase?.(phase, { cycles }),
    })
    return { keyDigest: verifyingKeyDigest(provingKey.verifyingKey, logHeight), publicValues, proof: encodeProof(proof), cycles }
  } finally {
    await workers.close()
  }
}

/**
 * Checks that a proof shows a run of this program with these public values. Commits to the program anew, which takes a second or more.
 *
 * @throws InvalidProofError, ProofOfAnotherProgramError, ProgramFileError, NotRv32imError, ProgramTooLargeError
 */
export async function verifyProgram({
  elf,
  file: { keyDigest, publicValues, proof },
  parameters = defaultParameters,
  threads,
}: {
  readonly elf: Uint8Array
  readonly file: ProofFile
  readonly parameters?: StarkParameters
  readonly threads?: number
}): Promise<void> {
  const program = machineProgram(loadProgram(elf), parameters)
  const logHeight = tallestOf(proof, program, parameters)
  const workers = new ProverWorkers({ threads })
  try {
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights: [logHeight] })
    const key = provingKey.verifyingKey
    if (!Buffer.from(keyDigest).equals(verifyingKeyDigest(key, logHeight))) throw new ProofOfAnotherProgramError()
    if (publicValues.entry !== program.program.entry) throw new InvalidProofError('public-values', 'the program begins elsewhere')
    verify(key, encodePublicValues(publicValues), decodeProof(proof, key))
  } finally {
    await workers.close()
  }
}

/** How far a run that is too long for a proof is followed, to say how long it is. */
const countedCycles = 2 ** 26

function cyclesOf(program: Program, input: Uint8Array, limit: number): number {
  const machine = new Machine({ program, input })
  machine.run(countedCycles)
  const { cycles, exitCode } = machine
  if (exitCode === undefined || cycles > limit) throw new ProofTooLongError({ limit, cycles, hasHalted: exitCode !== undefined })
  return cycles
}

function machineProgram(program: Program, { maxLogHeight }: StarkParameters): MachineProgram {
  const limit = 2 ** maxLogHeight
  const words = program.segments.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 4), 0)
  if (Math.max(words, program.code.length) > limit) throw new ProgramTooLargeError({ words: Math.max(words, program.code.length), limit })
  return new MachineProgram(program)
}

/** A system function can take many rows of its table in one cycle. */
function tallestTraced(traces: readonly Trace[], { maxLogHeight }: StarkParameters): number {
  const logHeights = traces.map(({ logHeight }) => logHeight)
  const tallest = Math.max(...logHeights)
  if (tallest > maxLogHeight) {
    const { name } = machineAir.tables[logHeights.indexOf(tallest)] ?? {}
    throw new NotProvableError(`the table ${name} takes 2^${tallest} rows, 2^${maxLogHeight} at most`)
  }
  return tallest
}

/** The height that a proof claims, before it can be decoded: a key is needed for that, and a height for the key. */
function tallestOf(proof: Uint8Array, program: MachineProgram, { minLogHeight, maxLogHeight }: StarkParameters): number {
  const tables = machineAir.tables.length
  if (proof.length < 1 + tables) throw new InvalidProofError('encoding', `it ends after ${proof.length} bytes`)
  const tallest = Math.max(...proof.subarray(1, 1 + tables))
  // No key has a height below that of its own columns.
  const lowest = Math.max(minLogHeight, ...program.fixedColumns().map((columns) => columns?.logHeight ?? 0))
  if (tallest < lowest || tallest > maxLogHeight) throw new InvalidProofError('heights', `its tallest table has 2^${tallest} rows`)
  return tallest
}
