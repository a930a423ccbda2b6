import { DevnetError } from '../../core/index.ts'

/** The run is longer than one proof can be. */
export class ProofTooLongError extends DevnetError {
  override name = 'ProofTooLongError'
  constructor({ limit }: { readonly limit: number }) {
    super(`The program did not halt within ${limit} cycles, the most that one proof can have.`, {
      code: 'PROOF_TOO_LONG',
      metaMessages: ['Give it less to do, or split the work into several runs.'],
    })
  }
}

/** The bytes are no proof file. */
export class ProofFileError extends DevnetError {
  override name = 'ProofFileError'
  constructor(what: string) {
    super(`This is not a proof file: ${what}.`, {
      code: 'PROOF_FILE_INVALID',
      exitCode: 2,
      metaMessages: ['`zkdevnet prove PROGRAM --out FILE` writes one.'],
    })
  }
}
