import { loadProgram } from '../isa/elf.ts'
import { InvalidProofError } from '../stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../stark/parameters.ts'
import { decodeProof, encodeProof } from '../stark/proof-codec.ts'
import { prove } from '../stark/prover/prove.ts'
import type { ProvingKey } from '../stark/prover/proving-key.ts'
import { ProverWorkers } from '../stark/prover/workers.ts'
import { verify } from '../stark/verifier.ts'
import { NotProvableError } from '../tables/errors.ts'
import { MachineProgram } from '../tables/machine/machine-program.ts'
import { traceMachine } from '../tables/machine/machine-trace.ts'
import { encodePublicValues, type PublicValues } from '../tables/public-values.ts'
import { ProgramStaleError, ProofTooLongError } from './errors.ts'
import { describeProgram, type ProgramDescription, verifyingKeyOf } from './program-id.ts'
import { createProgramKey } from './program-key.ts'
import type { ProgramProvingPhase } from './prove-program.ts'

export interface ProgramProverOptions {
  readonly elf: Uint8Array
  /** What verifiers know of the program; a proof that they would refuse is not begun. */
  readonly description: ProgramDescription
  readonly parameters?: StarkParameters
  /** Defaults to one for each core. */
  readonly threads?: number
}

export interface ProgramProverContext {
  /** log2 of the rows that the tallest table may have. */
  readonly maxLogHeight: number
  readonly onPhase?: (phase: ProgramProvingPhase, details: { readonly cycles: number }) => void
}

/** A proof's segments are of one height, but for the last one. */
const keptKeys = 2

/** Proves run after run of one program: threads stay, and a commitment to the program is made once for each height. */
export class ProgramProver {
  readonly #program: MachineProgram
  readonly #description: ProgramDescription
  readonly #parameters: StarkParameters
  readonly #workers: ProverWorkers
  readonly #keys = new Map<number, ProvingKey>()

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
  async prove(input: Uint8Array, { maxLogHeight, onPhase }: ProgramProverContext): Promise<{ proof: Uint8Array; cycles: number }> {
    onPhase?.('trace', { cycles: 0 })
    const maxCycles = 2 ** maxLogHeight
    const run = this.#trace(input, maxCycles)
    const { traces, publicValues, cycles } = run
    const logHeight = Math.max(...traces.map(({ logHeight }) => logHeight))
    if (logHeight > maxLogHeight) throw new NotProvableError(`a table takes 2^${logHeight} rows, 2^${maxLogHeight} at most`)
    onPhase?.('key', { cycles })
    const key = await this.#keyOf(logHeight)
    const values = encodePublicValues(publicValues)
    const proof = await prove({
      key,
      publicValues: values,
      traces,
      workers: this.#workers,
      onPhase: (phase) => onPhase?.(phase, { cycles }),
    })
    onPhase?.('verify', { cycles })
    const bytes = encodeProof(proof)
    verifyRun({ description: this.#description, parameters: this.#parameters, publicValues, proof: bytes })
    return { proof: bytes, cycles }
  }

  async close(): Promise<void> {
    await this.#workers.close()
  }

  #trace(input: Uint8Array, maxCycles: number) {
    try {
      return traceMachine({ program: this.#program, input, maxCycles, maxLogPack: this.#parameters.maxLogPack })
    } catch (error) {
      if (error instanceof RangeError) throw new ProofTooLongError({ limit: maxCycles, cycles: maxCycles, hasHalted: false })
      throw error
    }
  }

  /** With the commitment for that height, if it is the one that verifiers know. */
  async #keyOf(logHeight: number): Promise<ProvingKey> {
    const known = this.#keys.get(logHeight)
    if (known !== undefined) return known
    const options = { program: this.#program, parameters: this.#parameters, workers: this.#workers, logHeights: [logHeight] }
    const { provingKey } = await createProgramKey(options)
    const { fixedRoots } = describeProgram(this.#program.program.entry, provingKey.verifyingKey)
    const pinned = this.#description.fixedRoots[logHeight]
    if (pinned === undefined || fixedRoots[logHeight] !== pinned) throw new ProgramStaleError({ logHeight })
    const oldest = [...this.#keys.keys()][0]
    if (this.#keys.size === keptKeys && oldest !== undefined) this.#keys.delete(oldest)
    this.#keys.set(logHeight, provingKey)
    return provingKey
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
