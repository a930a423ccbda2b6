import { DevnetError } from '../errors.ts'
import { bytesToHex, type Hex } from '../hex.ts'

/** A transaction that breaks Ethereum's validity rules. The message has geth's wording, which wallets match on. */
export class InvalidTransactionError extends DevnetError {
  override name = 'InvalidTransactionError'
  constructor(message: string, code = 'INVALID_TRANSACTION') {
    super(message, { code })
  }
}

/** Execution reverted; `data` is the return data (JSON-RPC code 3). */
export class ExecutionRevertedError extends DevnetError {
  override name = 'ExecutionRevertedError'
  readonly data: Hex
  constructor(returnData: Uint8Array, reason?: string) {
    super(reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`, { code: 'EXECUTION_REVERTED' })
    this.data = bytesToHex(returnData)
  }
}

export class StateUnavailableError extends DevnetError {
  override name = 'StateUnavailableError'
  constructor({ block, historyStart }: { block: bigint; historyStart: bigint }) {
    super(`State of block ${block} is not available.`, {
      code: 'STATE_UNAVAILABLE',
      metaMessages: [
        `This node's history starts at block ${historyStart}: it was recovered from L1, which keeps state but not older blocks.`,
      ],
    })
  }
}

export class TransactionNotFoundError extends DevnetError {
  override name = 'TransactionNotFoundError'
  constructor(hash: Hex) {
    super('transaction not found', { code: 'TRANSACTION_NOT_FOUND', metaMessages: [`hash ${hash}`] })
  }
}

export class GenesisNotTraceableError extends DevnetError {
  override name = 'GenesisNotTraceableError'
  constructor() {
    super('genesis is not traceable', { code: 'GENESIS_NOT_TRACEABLE' })
  }
}

export class TooManyLogsError extends DevnetError {
  override name = 'TooManyLogsError'
  constructor(limit: number) {
    super(`query returned more than ${limit} results`, {
      code: 'TOO_MANY_LOGS',
      metaMessages: ['Ask for a smaller block range, or filter by address or topic.'],
    })
  }
}

export class TimestampTooOldError extends DevnetError {
  override name = 'TimestampTooOldError'
  constructor({ timestamp, head }: { timestamp: bigint; head: bigint }) {
    super(`Timestamp ${timestamp} is not after the newest block's timestamp ${head}.`, { code: 'TIMESTAMP_TOO_OLD' })
  }
}

export class SnapshotBelowCommittedBatchError extends DevnetError {
  override name = 'SnapshotBelowCommittedBatchError'
  constructor(batch: bigint) {
    super(`Cannot revert below batch ${batch}: it is committed on an external L1.`, {
      code: 'SNAPSHOT_BELOW_COMMITTED_BATCH',
      metaMessages: ["Use the devnet's own L1 (leave out --l1-url): it is reverted together with the L2."],
    })
  }
}

export class BatchNotFoundError extends DevnetError {
  override name = 'BatchNotFoundError'
  constructor({ batch, latest }: { batch: bigint; latest: bigint }) {
    super(`Batch ${batch} does not exist.`, {
      code: 'BATCH_NOT_FOUND',
      metaMessages: [`The latest sealed batch is ${latest}.`, 'Seal one now with `zkdevnet batch seal`.'],
    })
  }
}

export class DevBatchesNotAllowedError extends DevnetError {
  override name = 'DevBatchesNotAllowedError'
  constructor(what: string) {
    super(`${what} is not possible: this rollup takes proven batches only.`, {
      code: 'DEV_BATCHES_NOT_ALLOWED',
      metaMessages: [
        "Use the devnet's own L1 (leave out --l1-url), or deploy with `--allow-dev-batches`.",
        'docs/adr/0007-dev-batches.md says what a dev batch is.',
      ],
    })
  }
}

export class StateEditTooLargeError extends DevnetError {
  override name = 'StateEditTooLargeError'
  constructor({ address, bytes, limit }: { address: Hex; bytes: number; limit: number }) {
    super(`The change of account ${address} takes ${bytes} bytes of state diff, limit ${limit}.`, {
      code: 'STATE_EDIT_TOO_LARGE',
      metaMessages: ['A block with its state diff has to fit an L1 transaction.', 'Set the slots in several requests.'],
    })
  }
}

export class RollbackBelowCommittedBatchError extends DevnetError {
  override name = 'RollbackBelowCommittedBatchError'
  constructor({ block, lowest }: { block: bigint; lowest: bigint }) {
    super(`Cannot roll back to block ${block}: blocks up to ${lowest} are in a batch that is committed on L1.`, {
      code: 'ROLLBACK_BELOW_COMMITTED_BATCH',
      metaMessages: ["Use `evm_snapshot` and `evm_revert`, which take the devnet's own L1 along, or `--batch-max-age-ms 0`."],
    })
  }
}
