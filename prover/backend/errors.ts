import { DevnetError, type Hex } from '../../core/index.ts'

/** The job is for another guest program than this prover has: another prover may have it, so the job is not at fault. */
export class ProgramUnknownError extends DevnetError {
  override name = 'ProgramUnknownError'
  constructor({ asked, known }: { asked: Hex; known: Hex }) {
    super(`This prover has the guest program ${known}, not ${asked}.`, {
      code: 'PROGRAM_UNKNOWN',
      exitCode: 6,
      metaMessages: ['Node and agents must be of the same version of zkdevnet.'],
    })
  }
}
