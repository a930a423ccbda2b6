import { loadProgram } from '../isa/elf.ts'
import { concat } from '../stark/encoding.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { decodeHeaders, decodeProof, encodeHeaders, encodeSegment } from '../stark/proof-codec.ts'
import {
  type CommittedRun,
  commitRun,
  type ProvingProgress,
  proveCommittedSegment,
  proveSegment,
  type SegmentedRun,
} from '../stark/prover/prove.ts'
import type { ProvingKey } from '../stark/prover/proving-key.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { cutSession, type StarkSession } from '../stark/session.ts'
import { checkHeader, verify, verifySegment } from '../stark/verifier.ts'
import type { VerifyingKey } from '../stark/verifying-key.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import type { RunPlan } from '../tables/machine/run-plan.ts'
import { encodePublicValues, type PublicValues } from '../tables/public-values.ts'
import { ProgramStaleError } from './errors.ts'
import { describeProgram, type ProgramDescription, verifyingKeyOf } from './program-id.ts'
import { createProgramKey } from './program-key.ts'
import { type ProgramProvingDetails, type ProgramProvingPhase, planRun, provableRun } from './prove-program.ts'

export interface ProgramProverOptions {
  readonly elf: Uint8Array
  /** What verifiers know of the program; a proof that they would refuse is not begun. */
  readonly description: ProgramDescription
  readonly parameters?: StarkParameters
  /** Defaults to one for each core. */
  readonly threads?: number
}

export interface ProgramProverContext {
  /** log2 of the rows that the tables of a segment may have. */
  readonly maxLogHeight: number
  readonly onPhase?: (phase: ProgramProvingPhase, details: ProgramProvingDetails) => void
}

/** A run that was committed to. */
export interface CommittedProgramRun {
  readonly cycles: number
  readonly publicValues: PublicValues
  readonly segments: number
  /** What a proof of the run begins with. */
  readonly header: Uint8Array
}

export interface SegmentOfRun {
  readonly input: Uint8Array
  readonly header: Uint8Array
  /** Counted from 0. */
  readonly segment: number
}

interface CurrentRun {
  readonly input: Uint8Array
  readonly maxLogHeight: number
  readonly plan: RunPlan
  readonly run: SegmentedRun
  committed: CommittedRun | undefined
}

/** A proof from its parts. */
export function assembleProof(header: Uint8Array, segments: readonly Uint8Array[]): Uint8Array {
  return concat(header, ...segments)
}

/** Proves run after run of one program: threads stay, and so do the commitments to the program. */
export class ProgramProver {
  readonly #program: MachineProgram
  readonly #description: ProgramDescription
  readonly #parameters: StarkParameters
  readonly #workers: ProverWorkers
  #key: ProvingKey | undefined
  /** Whoever committed to a run mostly proves its segments next. */
  #current: CurrentRun | undefined

  /** @throws ProgramFileError, NotRv32imError */
  constructor({ elf, description, parameters = defaultParameters, threads }: ProgramProverOptions) {
    this.#program = new MachineProgram(loadProgram(elf))
    this.#description = description
    this.#parameters = parameters
    this.#workers = new ProverWorkers({ threads })
  }

  /**
   * Runs the program and commits to all segments of the run, which is about a third of the work of proving it.
   * @throws MachineFaultError, ProofTooLongError, NotProvableError, ProgramStaleError
   */
  async commit(input: Uint8Array, context: ProgramProverContext): Promise<CommittedProgramRun> {
    const current = this.#plan(input, context)
    current.committed = await commitRun({ ...(await this.#optionsOf(current, context)), run: current.run })
    return summaryOf(current.plan, current.committed)
  }

  /** Not again, where it is the run that was committed to last. */
  async #committed(input: Uint8Array, context: ProgramProverContext): Promise<CommittedProgramRun> {
    const current = this.#known(input, context)
    return current?.committed === undefined ? this.commit(input, context) : summaryOf(current.plan, current.committed)
  }

  /**
   * The part of a proof that stands for one segment; what it was committed to by `commit`, here or elsewhere, is the proof's beginning. Verified.
   * @throws SegmentMismatchError where the header is not that of this run with this height; InvalidProofError where it is no header at all;
   *   and what `commit` throws
   */
  async proveSegment(place: SegmentOfRun, context: ProgramProverContext): Promise<Uint8Array> {
    const { headers, proof, plan } = await this.#proveSegment(place, context)
    const { cycles, segments, publicValues } = plan
    const { segment } = place
    context.onPhase?.('verify', { cycles, segment, segments: segments.length })
    verifySegment(checkHeader(this.#verifyingKey(), encodePublicValues(publicValues), headers), segment, proof)
    return encodeSegment(proof)
  }

  async #proveSegment({ input, header, segment }: SegmentOfRun, context: ProgramProverContext) {
    const known = this.#known(input, context)
    const current = known ?? this.#plan(input, context)
    const options = { ...(await this.#optionsOf(current, context)), run: current.run, segment }
    const headers = decodeHeaders(header, machineAir)
    const isOwn = current.committed !== undefined && Buffer.from(encodeHeaders(current.committed.headers)).equals(header)
    const proof =
      isOwn && current.committed !== undefined
        ? await proveCommittedSegment({ ...options, committed: current.committed })
        : await proveSegment({ ...options, headers })
    return { headers, proof, plan: current.plan }
  }

  /**
   * Proves the run on this input, and verifies the proof.
   * @throws MachineFaultError, ProofTooLongError, NotProvableError, ProgramStaleError, InvalidProofError
   */
  async prove(input: Uint8Array, context: ProgramProverContext): Promise<CommittedProgramRun & { readonly proof: Uint8Array }> {
    const run = await this.#committed(input, context)
    const { header, segments, publicValues } = run
    const parts: Uint8Array[] = []
    for (let segment = 0; segment < segments; segment++) {
      const { proof } = await this.#proveSegment({ input, header, segment }, context)
      parts.push(encodeSegment(proof))
    }
    const proof = assembleProof(header, parts)
    context.onPhase?.('verify', { cycles: run.cycles, segment: segments - 1, segments })
    verifyRun({ description: this.#description, parameters: this.#parameters, publicValues, proof })
    return { ...run, proof }
  }

  async close(): Promise<void> {
    await this.#workers.close()
  }

  #plan(input: Uint8Array, { maxLogHeight, onPhase }: ProgramProverContext): CurrentRun {
    this.#current = undefined
    onPhase?.('plan', { cycles: 0, segment: 0, segments: 0 })
    const { memory } = this.#workers
    memory.settle()
    const plan = planRun({ program: this.#program, input, segmentLogHeight: maxLogHeight, parameters: this.#parameters, memory })
    const run = provableRun(plan, this.#parameters)
    this.#current = { input, maxLogHeight, plan, run, committed: undefined }
    return this.#current
  }

  /** The run that was looked at last, if it is this one. */
  #known(input: Uint8Array, { maxLogHeight }: ProgramProverContext): CurrentRun | undefined {
    const current = this.#current
    if (current === undefined || current.maxLogHeight !== maxLogHeight || !Buffer.from(current.input).equals(input)) return undefined
    return current
  }

  async #optionsOf({ plan }: CurrentRun, { onPhase }: ProgramProverContext) {
    const { cycles, segments, publicValues } = plan
    const key = await this.#provingKey()
    return {
      key,
      publicValues: encodePublicValues(publicValues),
      workers: this.#workers,
      onPhase: ({ phase, segment }: ProvingProgress) => {
        onPhase?.(phase, { cycles, segment, segments: segments.length })
        // By then there is a commitment to the program for the segment's height.
        if (phase === 'commit') this.#assertPinned(key)
      },
    }
  }

  #verifyingKey(): VerifyingKey {
    return verifyingKeyOf(this.#description, this.#parameters)
  }

  async #provingKey(): Promise<ProvingKey> {
    if (this.#key !== undefined) return this.#key
    const options = { program: this.#program, parameters: this.#parameters, workers: this.#workers, logHeights: [] }
    const { provingKey } = await createProgramKey(options)
    this.#key = provingKey
    return provingKey
  }

  /** The commitments are those that verifiers know. */
  #assertPinned({ verifyingKey }: ProvingKey): void {
    const { fixedRoots } = describeProgram(this.#program.program.entry, verifyingKey)
    for (const [logHeight, root] of Object.entries(fixedRoots)) {
      if (this.#description.fixedRoots[logHeight] !== root) throw new ProgramStaleError({ logHeight: Number(logHeight) })
    }
  }
}

function summaryOf({ cycles, segments, publicValues }: RunPlan, { headers }: CommittedRun): CommittedProgramRun {
  return { cycles, publicValues, segments: segments.length, header: encodeHeaders(headers) }
}

/** A proof that a run of the program has these public values. */
export interface ProgramProof {
  readonly description: ProgramDescription
  readonly parameters?: StarkParameters | undefined
  readonly publicValues: PublicValues
  readonly proof: Uint8Array
}

/** Checks the proof. @throws InvalidProofError */
export function verifyRun({ description, parameters, publicValues, proof }: ProgramProof): void {
  assertEntry(description, publicValues)
  const key = verifyingKeyOf(description, parameters)
  verify(key, encodePublicValues(publicValues), decodeProof(proof, key))
}

/** Cuts the proof into transactions for the verifier on L1, each of at most so many bytes, and checks it on the way. @throws InvalidProofError */
export function cutRun({
  description,
  parameters,
  publicValues,
  proof,
  maxBytes,
}: ProgramProof & { readonly maxBytes: number }): StarkSession {
  assertEntry(description, publicValues)
  return cutSession({
    key: verifyingKeyOf(description, parameters),
    publicValues: encodePublicValues(publicValues),
    bytes: proof,
    maxBytes,
  })
}

function assertEntry(description: ProgramDescription, { entry }: PublicValues): void {
  if (entry !== description.entry) throw new InvalidProofError('public-values', 'the program begins elsewhere')
}
