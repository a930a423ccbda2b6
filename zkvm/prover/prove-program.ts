import type { Trace } from '../air/air.ts'
import { loadProgram, type Program } from '../isa/elf.ts'
import { Machine } from '../isa/machine.ts'
import type { KernelChoice } from '../kernels/kernels.ts'
import type { WordPool } from '../kernels/word-pool.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, maxSegments, type StarkParameters } from '../stark/parameters.ts'
import type { SegmentHeader } from '../stark/proof.ts'
import { decodeHeaders, decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { type ProvingPhase, proveRun, type SegmentedRun } from '../stark/prover/prove.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { verifyingKeyDigest } from '../stark/verifying-key.ts'
import { NotProvableError } from '../tables/errors.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { RunPlan } from '../tables/machine/run-plan.ts'
import { encodePublicValues } from '../tables/public-values.ts'
import { ProgramTooLargeError, ProofOfAnotherProgramError, ProofTooLongError } from './errors.ts'
import { createProgramKey } from './program-key.ts'
import type { ProofFile } from './proof-file.ts'

/** What is done one after the other, for whoever shows progress. */
export type ProgramProvingPhase = 'plan' | ProvingPhase | 'verify'

/** How far it is. */
export interface ProgramProvingDetails {
  /** Of the whole run; 0 while they are not known. */
  readonly cycles: number
  /** Which segment it is at, counted from 0, and of how many; `segments` is 0 while that is not known. */
  readonly segment: number
  readonly segments: number
}

export interface ProveProgramOptions {
  /** An ELF file, see zkvm/isa/README.md. */
  readonly elf: Uint8Array
  /** Private input: the proof tells nothing of it that the output does not, but it is not made to hide it either. */
  readonly input?: Uint8Array
  readonly parameters?: StarkParameters
  /** log2 of the rows that a segment's tables may have: the longer, the more memory and the fewer segments. */
  readonly segmentLogHeight?: number
  /** Defaults to one for each core. */
  readonly threads?: number
  /** Defaults to what ZKDEVNET_KERNELS says. */
  readonly kernels?: KernelChoice
  readonly onPhase?: (phase: ProgramProvingPhase, details: ProgramProvingDetails) => void
}

export interface ProvenRun extends ProofFile {
  readonly cycles: number
  readonly segments: number
}

/** A segment of this height takes about 3 GiB (docs/prover.md). */
export const defaultSegmentLogHeight = 20

/** How far a run is followed. */
const followedCycles = 2 ** 26

/** A segment's tallest table has a row for each cycle. */
export function maxProvableCycles(segmentLogHeight: number = defaultSegmentLogHeight): number {
  return Math.min(followedCycles, maxSegments * 2 ** segmentLogHeight)
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
  segmentLogHeight = Math.min(defaultSegmentLogHeight, parameters.maxLogHeight),
  threads,
  kernels,
  onPhase,
}: ProveProgramOptions): Promise<ProvenRun> {
  onPhase?.('plan', { cycles: 0, segment: 0, segments: 0 })
  const program = machineProgram(loadProgram(elf), parameters)
  const workers = new ProverWorkers({ threads, kernels })
  try {
    const plan = planRun({ program, input, segmentLogHeight, parameters, memory: workers.memory })
    const { cycles } = plan
    const segments = plan.segments.length
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights: [] })
    const proof = await proveRun({
      key: provingKey,
      publicValues: encodePublicValues(plan.publicValues),
      run: provableRun(plan, parameters),
      workers,
      onPhase: ({ phase, segment }) => onPhase?.(phase, { cycles, segment, segments }),
    })
    const keyDigest = verifyingKeyDigest(provingKey.verifyingKey, firstHeight(proof.headers))
    return { keyDigest, publicValues: plan.publicValues, proof: encodeProof(proof), cycles, segments }
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
  const headers = decodeHeaders(proof, machineAir)
  const logHeights = tallestOf(headers, program, parameters)
  const workers = new ProverWorkers({ threads })
  try {
    const { provingKey } = await createProgramKey({ program, parameters, workers, logHeights })
    const key = provingKey.verifyingKey
    if (!Buffer.from(keyDigest).equals(verifyingKeyDigest(key, firstHeight(headers)))) throw new ProofOfAnotherProgramError()
    if (publicValues.entry !== program.program.entry) throw new InvalidProofError('public-values', 'the program begins elsewhere')
    verify(key, encodePublicValues(publicValues), decodeProof(proof, key))
  } finally {
    await workers.close()
  }
}

function cyclesOf(program: Program, input: Uint8Array, limit: number): number {
  const machine = new Machine({ program, input })
  machine.run(followedCycles)
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

/**
 * Follows a run and cuts it into segments of at most 2^segmentLogHeight rows.
 * @throws MachineFaultError, ProofTooLongError, NotProvableError
 */
export function planRun({
  program,
  input,
  segmentLogHeight,
  parameters: { maxLogPack },
  memory,
}: {
  readonly program: MachineProgram
  readonly input: Uint8Array
  readonly segmentLogHeight: number
  readonly parameters: StarkParameters
  readonly memory?: WordPool
}): RunPlan {
  // First without a trace: how long the run is, and what the program does wrong, is known within seconds.
  const cycles = cyclesOf(program.program, input, maxProvableCycles(segmentLogHeight))
  const plan = new RunPlan({ program, input, maxCycles: cycles, maxLogPack, maxSegmentLogHeight: segmentLogHeight, memory })
  const { length } = plan.segments
  if (length > maxSegments) throw new NotProvableError(`a run of ${length} segments is too long: a proof has ${maxSegments} at most`)
  return plan
}

/** The run for `proveRun`. Its tables are refused with NotProvableError: the first segment's list all addresses that the run touches, however many. */
export function provableRun(plan: RunPlan, parameters: StarkParameters): SegmentedRun {
  return {
    count: plan.segments.length,
    traces: (segment) => provableTraces(plan, segment, parameters),
    release: (traces) => plan.release(traces),
  }
}

function provableTraces(plan: RunPlan, segment: number, { maxLogHeight }: StarkParameters): Trace[] {
  const traces = plan.traces(segment)
  const tallest = Math.max(...traces.map(({ logHeight }) => logHeight))
  if (tallest > maxLogHeight) {
    const { name } = machineAir.tables[traces.findIndex(({ logHeight }) => logHeight === tallest)] ?? {}
    throw new NotProvableError(`the table ${name} takes 2^${tallest} rows, 2^${maxLogHeight} at most`)
  }
  return traces
}

/** The heights that a proof claims, before it can be decoded: a key is needed for that, and its heights for the key. */
function tallestOf(
  headers: readonly SegmentHeader[],
  program: MachineProgram,
  { minLogHeight, maxLogHeight }: StarkParameters,
): readonly number[] {
  // No key has a height below that of its own columns.
  const lowest = Math.max(minLogHeight, ...program.fixedColumns().map((columns) => columns?.logHeight ?? 0))
  const heights = new Set(headers.map(({ logHeights }) => Math.max(...logHeights)))
  for (const tallest of heights) {
    if (tallest < lowest || tallest > maxLogHeight) throw new InvalidProofError('heights', `a tallest table has 2^${tallest} rows`)
  }
  return [...heights]
}

/** Of the tallest table of the first segment, which stands for the key in a proof file. */
function firstHeight([first]: readonly SegmentHeader[]): number {
  return Math.max(...(first?.logHeights ?? []))
}
