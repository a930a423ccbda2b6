import { DevnetError, type Hex } from '../core/index.ts'

/** The deployer cannot pay for the genesis supply and the gas. */
export class DeployerUnderfundedError extends DevnetError {
  override name = 'DeployerUnderfundedError'
  constructor({ deployer, balance, needed }: { deployer: Hex; balance: bigint; needed: bigint }) {
    super(`The deployer ${deployer} has ${balance} wei on L1 and needs ${needed}.`, {
      code: 'DEPLOYER_UNDERFUNDED',
      metaMessages: ['The Bridge holds the whole L2 genesis supply from its deployment, so that every L2 ether is backed.'],
    })
  }
}

/** The nonces that the contracts' addresses come from went to something else, or are not due yet. */
export class DeployerNonceUsedError extends DevnetError {
  override name = 'DeployerNonceUsedError'
  constructor({ deployer, firstNonce, nonce }: { deployer: Hex; firstNonce: number; nonce: number }) {
    super(`The deployer ${deployer} has no rollup from L1 nonce ${firstNonce} on, and its next nonce is ${nonce}.`, {
      code: 'DEPLOYER_NONCE_USED',
      metaMessages: ['Deploy from its next nonce, or with an account that has sent nothing.'],
    })
  }
}

/** A transaction of the deployment was mined and failed. */
export class DeploymentFailedError extends DevnetError {
  override name = 'DeploymentFailedError'
  constructor({ step, transactionHash }: { step: string; transactionHash?: Hex }) {
    super(`Deploying the rollup to L1 failed at the step "${step}"${transactionHash ? ` in transaction ${transactionHash}` : ''}.`, {
      code: 'DEPLOYMENT_FAILED',
      metaMessages: [
        'The nonce of the step is spent, so this deployment cannot be finished. Deploy with an account that has sent nothing.',
      ],
    })
  }
}

/** A transaction that only the rollup's owner can make was mined and failed. */
export class OwnerTransactionFailedError extends DevnetError {
  override name = 'OwnerTransactionFailedError'
  constructor({ what, transactionHash }: { what: string; transactionHash: Hex }) {
    super(`The ${what} failed in the L1 transaction ${transactionHash}.`, {
      code: 'OWNER_TRANSACTION_FAILED',
      metaMessages: ['Is the key that of the account that deployed the rollup? On an L1 of your own it is given with --deployer-key.'],
    })
  }
}

/** The rollup that stands on L1 was deployed with other settings. */
export class DeploymentMismatchError extends DevnetError {
  override name = 'DeploymentMismatchError'
  constructor({ rollup, field, expected, actual }: { rollup: Hex; field: string; expected: string; actual: string }) {
    super(`The rollup at ${rollup} was deployed with another ${field}: ${actual}, not ${expected}.`, {
      code: 'DEPLOYMENT_MISMATCH',
      metaMessages: ['Start with the settings of its deployment, or deploy another rollup.'],
    })
  }
}

/** The genesis state diff does not fit a transaction. */
export class GenesisTooLargeError extends DevnetError {
  override name = 'GenesisTooLargeError'
  constructor({ bytes, gas, maxGas }: { bytes: number; gas: bigint; maxGas: bigint }) {
    super(`The genesis state diff of ${bytes} bytes needs ${gas} gas, more than the ${maxGas} of one transaction.`, {
      code: 'GENESIS_TOO_LARGE',
      metaMessages: ['Put fewer or smaller contracts into the genesis.'],
    })
  }
}

/** At this address stands no Rollup contract of this version. */
export class NotARollupError extends DevnetError {
  override name = 'NotARollupError'
  constructor({ address, cause }: { address: Hex; cause?: unknown }) {
    super(`There is no Rollup contract at ${address}.`, {
      code: 'NOT_A_ROLLUP',
      exitCode: 2,
      cause,
      metaMessages: ['Name the Rollup that the devnet printed at its start (`zkdevnet status` shows it), and the L1 that it stands on.'],
    })
  }
}
