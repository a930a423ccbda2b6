import { loadProgram } from '../isa/elf.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { proveRun } from '../stark/prover/prove.ts'
import type { ProvingKey } from '../stark/prover/proving-key.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { encodePublicValues, type PublicValues } from '../tables/public-values.ts'
import { ProgramStaleError } from './errors.ts'
import { describeProgram, type ProgramDescription, verifyingKeyOf } from './program-id.ts'
import { createProgramKey } from './program-key.ts'
import { type ProgramProvingDetails, type ProgramProvingPhase, planRun, provableTraces } from './prove-program.ts'

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

/** Proves run after run of one program: threads stay, and so do the commitments to the program. */
export class ProgramProver {
  readonly #program: MachineProgram
  readonly #description: ProgramDescription
  readonly #parameters: StarkParameters
  readonly #workers: ProverWorkers
  #key: ProvingKey | undefined

  /** @throws ProgramFileError, NotRv32imError */
  constructor({ elf, description, parameters = defaultParameters, threads }: ProgramProverOptions) {
    this.#program = new MachineProgram(loadProgram(elf))
    this.#description = description
    this.#parameters = parameters
    this.#workers = new ProverWorkers({ threads })
  }

  /**
   * Proves the run on this input, and verifies the proof.
   * @throws MachineFaultError, ProofTooLongError, NotProvableError, ProgramStaleError, InvalidProofError
   */
  async prove(
    input: Uint8Array,
    { maxLogHeight, onPhase }: ProgramProverContext,
  ): Promise<{ proof: Uint8Array; cycles: number; segments: number }> {
    onPhase?.('plan', { cycles: 0, segment: 0, segments: 0 })
    const plan = planRun({ program: this.#program, input, segmentLogHeight: maxLogHeight, parameters: this.#parameters })
    const { cycles, publicValues } = plan
    const segments = plan.segments.length
    const key = await this.#provingKey()
    const proof = await proveRun({
      key,
      publicValues: encodePublicValues(publicValues),
      run: { count: segments, traces: (segment) => provableTraces(plan, segment, this.#parameters) },
      workers: this.#workers,
      onPhase: ({ phase, segment }) => {
        onPhase?.(phase, { cycles, segment, segments })
        // By then there is a commitment to the program for the segment's height.
        if (phase === 'commit') this.#assertPinned(key)
      },
    })
    onPhase?.('verify', { cycles, segment: 0, segments })
    const bytes = encodeProof(proof)
    verifyRun({ description: this.#description, parameters: this.#parameters, publicValues, proof: bytes })
    return { proof: bytes, cycles, segments }
  }

  async close(): Promise<void> {
    await this.#workers.close()
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

/** Checks that a proof shows a run of the program with these public values. @throws InvalidProofError */
export function verifyRun({
  description,
  parameters = defaultParameters,
  publicValues,
  proof,
}: {
  readonly description: ProgramDescription
  readonly parameters?: StarkParameters
  readonly publicValues: PublicValues
  readonly proof: Uint8Array
}): void {
  if (publicValues.entry !== description.entry) throw new InvalidProofError('public-values', 'the program begins elsewhere')
  const key = verifyingKeyOf(description, parameters)
  verify(key, encodePublicValues(publicValues), decodeProof(proof, key))
}
