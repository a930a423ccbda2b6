import { DevnetError } from '../../core/index.ts'

/** The run is longer than one proof can be. */
export class ProofTooLongError extends DevnetError {
  override name = 'ProofTooLongError'
  /** `cycles` that it took, or those after which it had not halted. */
  constructor({ limit, cycles, hasHalted }: { readonly limit: number; readonly cycles: number; readonly hasHalted: boolean }) {
    super(`The run ${hasHalted ? 'takes' : 'takes more than'} ${cycles} cycles; one proof can have ${limit}.`, {
      code: 'PROOF_TOO_LONG',
      exitCode: 5,
      metaMessages: [
        'Give it less to do, or split the work into several runs.',
        '`zkdevnet run PROGRAM --profile` shows which functions take the cycles.',
      ],
    })
  }
}

/** The program alone fills a table of one proof. */
export class ProgramTooLargeError extends DevnetError {
  override name = 'ProgramTooLargeError'
  constructor({ words, limit }: { readonly words: number; readonly limit: number }) {
    super(`The program's file fills ${words} words of memory; one proof can have ${limit}.`, {
      code: 'PROGRAM_TOO_LARGE',
      exitCode: 5,
      metaMessages: ['Large tables can be given as private input, and their hash checked.'],
    })
  }
}

/** The program's tables are not those whose commitments its description has: a proof would be refused on L1. */
export class ProgramStaleError extends DevnetError {
  override name = 'ProgramStaleError'
  constructor({ logHeight }: { readonly logHeight: number }) {
    super(`The program's commitment for tables of 2^${logHeight} rows is not the one that verifiers know.`, {
      code: 'PROGRAM_STALE',
      exitCode: 6,
      metaMessages: ['Tables or program changed: run `npm run build:guest` and commit guest/build.'],
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

/** The file says itself that it is about something else. What it says is not what makes a proof valid: it only helps to say why it is not. */
export class ProofOfAnotherProgramError extends DevnetError {
  override name = 'ProofOfAnotherProgramError'
  constructor() {
    super('The proof is of another program, or of another version of the prover.', {
      code: 'PROOF_OF_ANOTHER_PROGRAM',
      exitCode: 5,
      metaMessages: [
        'Verify it against the very ELF file that was proven: building a program again with another compiler makes another one.',
      ],
    })
  }
}
