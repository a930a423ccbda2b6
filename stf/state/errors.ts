import { DevnetError, type Hex } from '../../core/index.ts'

/** The code of a contract is needed that the reader does not have: an incomplete witness. */
export class MissingCodeError extends DevnetError {
  override name = 'MissingCodeError'
  readonly hash: Hex

  constructor({ hash, address }: { hash: Hex; address: Hex }) {
    super(`The code ${hash} of ${address} is missing.`, { code: 'MISSING_CODE' })
    this.hash = hash
  }
}

/** The state was used in a way that has no meaning; a mistake in the caller. */
export class StateUsageError extends DevnetError {
  override name = 'StateUsageError'
  constructor(reason: string) {
    super(`${reason}.`, { code: 'STATE_USAGE' })
  }
}
