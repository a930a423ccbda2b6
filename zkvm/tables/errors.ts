import { DevnetError } from '../../core/index.ts'

/** The run reached something that the machine can do and the prover cannot. */
export class NotProvableError extends DevnetError {
  override name = 'NotProvableError'
  constructor(what: string) {
    super(`The run has no proof: ${what}.`, {
      code: 'NOT_PROVABLE',
      exitCode: 5,
      metaMessages: ['zkvm/tables/README.md lists what can be proven.'],
    })
  }
}
