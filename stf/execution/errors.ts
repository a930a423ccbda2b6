import { type BlockHeader, DevnetError } from '../../core/index.ts'

/** The transaction is valid, but this block has no room for its gas limit. */
export class BlockGasExceededError extends DevnetError {
  override name = 'BlockGasExceededError'
  constructor({ gasLimit, available }: { gasLimit: bigint; available: bigint }) {
    super(`gas limit reached: transaction has ${gasLimit}, the block has ${available} left`, { code: 'BLOCK_GAS_EXCEEDED' })
  }
}

/** The block cannot be built from what was given. */
export class BlockBuildError extends DevnetError {
  override name = 'BlockBuildError'
  constructor(reason: string) {
    super(`The block cannot be built: ${reason}.`, { code: 'BLOCK_BUILD' })
  }
}

/** Where a received block breaks the rules, or says something else than what its execution gave. */
export type BlockFault = keyof BlockHeader | 'transactions' | 'withdrawals'

export class InvalidBlockError extends DevnetError {
  override name = 'InvalidBlockError'
  readonly field: BlockFault
  readonly expected: string
  readonly actual: string

  constructor({ number, field, expected, actual, cause }: InvalidBlockDetails) {
    super(`Block ${number} is invalid: ${field} is ${actual}, not ${expected}.`, { code: 'INVALID_BLOCK', cause })
    this.field = field
    this.expected = expected
    this.actual = actual
  }
}

interface InvalidBlockDetails {
  readonly number: bigint
  readonly field: BlockFault
  readonly expected: string
  readonly actual: string
  readonly cause?: unknown
}
