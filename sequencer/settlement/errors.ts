import { DevnetError, type Hex } from '../../core/index.ts'

/** The Rollup contract holds a batch that this node does not have, or another one under its number. */
export class BatchMismatchError extends DevnetError {
  override name = 'BatchMismatchError'
  constructor({ batch, onL1, local }: { batch: bigint; onL1: Hex; local: Hex | undefined }) {
    super(
      local === undefined
        ? `Batch ${batch} is committed on L1, but this node does not have it.`
        : `Batch ${batch} is committed on L1 as ${onL1}, but this node has ${local} under that number.`,
      {
        code: 'BATCH_MISMATCH',
        exitCode: 6,
        metaMessages: [
          'The data directory is older than the L1 or belongs to another rollup, or another sequencer uses the same contracts.',
          'Rebuild into a new data directory from what L1 has: `zkdevnet recover --help`.',
        ],
      },
    )
  }
}

/** Every attempt to prove a batch failed. */
export class ProofFailedError extends DevnetError {
  override name = 'ProofFailedError'
  constructor({ batch, reason }: { batch: bigint; reason: string }) {
    super(`Batch ${batch} cannot be proven: ${reason}`, {
      code: 'PROOF_FAILED',
      exitCode: 5,
      metaMessages: ['It stays committed. A restart of the node tries again; so does `zkdevnet reset` with a new chain.'],
    })
  }
}

/** A stored batch lacks a part that a later step needs. */
export class BatchIncompleteError extends DevnetError {
  override name = 'BatchIncompleteError'
  constructor({ batch, part }: { batch: bigint; part: string }) {
    super(`The ${part} of batch ${batch} is not stored.`, {
      code: 'BATCH_INCOMPLETE',
      metaMessages: ['Rebuild into a new data directory from what L1 has: `zkdevnet recover --help`.'],
    })
  }
}
