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

/** The contracts take proofs of another guest program than this version has. */
export class ProgramMismatchError extends DevnetError {
  override name = 'ProgramMismatchError'
  constructor({ onL1, own }: { onL1: Hex; own: Hex }) {
    super(`The Rollup contract takes proofs of the guest program ${onL1}; this version of zkdevnet has ${own}.`, {
      code: 'PROGRAM_MISMATCH',
      exitCode: 6,
      metaMessages: [
        'The devnet was made by another version, or its rollup was upgraded to one. Go on with that version, or forget it with `zkdevnet reset`.',
        'It may also have been made with other `--proofs`.',
        'To go on with this version, or with these `--proofs`, its owner upgrades the rollup: `zkdevnet upgrade --help`.',
        'What is committed on L1 can only be proven by that version, what is executed there stays as it is.',
      ],
    })
  }
}

/** The rollup asks another contract for proofs than it did when this node started. */
export class VerifierReplacedError extends DevnetError {
  override name = 'VerifierReplacedError'
  constructor({ onL1, own }: { onL1: Hex; own: Hex }) {
    super(`The Rollup contract was upgraded: its verifier is now ${onL1}; this node brings proofs to ${own}.`, {
      code: 'VERIFIER_REPLACED',
      exitCode: 6,
      metaMessages: ['Start the node again: it then uses the new one. Nothing is lost.'],
    })
  }
}

/** Every attempt to prove a batch failed. */
export class ProofFailedError extends DevnetError {
  override name = 'ProofFailedError'
  constructor({ batch, reason }: { batch: bigint; reason: string }) {
    super(`Batch ${batch} cannot be proven: ${reason}`, {
      code: 'PROOF_FAILED',
      exitCode: 5,
      metaMessages: [`It stays committed. Try again with \`zkdevnet batch retry ${batch}\`, or by a restart of the node.`],
    })
  }
}

/** There is nothing to try again. */
export class ProofNotFailedError extends DevnetError {
  override name = 'ProofNotFailedError'
  constructor({ batch, status }: { batch: bigint; status: string | undefined }) {
    super(
      status === undefined
        ? `No proof was asked for of batch ${batch}.`
        : `The proof of batch ${batch} has not failed for good: its job is ${status}.`,
      { code: 'PROOF_NOT_FAILED', exitCode: 2, metaMessages: [`\`zkdevnet batch show ${batch}\` says how far the batch is.`] },
    )
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
