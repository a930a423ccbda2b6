import { DevnetError } from '../../core/index.ts'

/** A proof that shows nothing. `check` says which step of the verifier refused it. */
export class InvalidProofError extends DevnetError {
  override name = 'InvalidProofError'
  readonly check: ProofCheck

  constructor(check: ProofCheck, reason: string) {
    super(`The proof is not valid: ${reason}.`, {
      code: 'INVALID_PROOF',
      exitCode: 5,
      metaMessages: [
        `The check that failed: ${check}.`,
        'Prove again; a proof is valid for one program, one output and one version of the prover.',
      ],
    })
    this.check = check
  }
}

/** What a prover computes of a segment is not what the header says of it. */
export class SegmentMismatchError extends DevnetError {
  override name = 'SegmentMismatchError'
  constructor({ segment, reason }: { readonly segment: number; readonly reason: string }) {
    super(`Segment ${segment} is not the one of the header: ${reason}.`, {
      code: 'SEGMENT_MISMATCH',
      exitCode: 5,
      metaMessages: [
        'Program, input, parameters and the height of segments must be those that the header was made of, and the prover of the same version.',
      ],
    })
  }
}

export type ProofCheck =
  | 'encoding'
  | 'heights'
  | 'public-values'
  | 'bus-balance'
  | 'constraints'
  | 'grinding'
  | 'openings'
  | 'fri-commitment'
  | 'final-polynomial'
