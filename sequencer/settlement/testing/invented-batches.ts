import {
  batchDigest,
  bigintToBytes,
  emptyMessagesRoot,
  encodePublicInputs,
  type Hex,
  keccak256,
  keccak256Hex,
  rules,
  type StoredBatch,
} from '../../../core/index.ts'
import type { ClosedBatch } from '../../batches/batch-store.ts'
import { testProgramId } from './deployed-rollup.ts'

const hash = (...parts: (bigint | string)[]): Hex => keccak256Hex(new TextEncoder().encode(parts.join(' ')))

/** The next batch of a chain that nobody executed: the contract cannot tell. `salt` makes different ones. */
export function inventBatch(
  previous: StoredBatch,
  { rollup, programId = testProgramId, salt = '', diffBytes = 40 }: { rollup: Hex; programId?: Hex; salt?: string; diffBytes?: number },
): ClosedBatch {
  const number = previous.number + 1n
  const stateDiff = new Uint8Array(diffBytes)
  for (let at = 0; at < diffBytes; at += 32) {
    stateDiff.set(keccak256(bigintToBytes(number * 1_000_000n + BigInt(at), 32)).subarray(0, Math.min(32, diffBytes - at)), at)
  }
  const fields = {
    lastBlockHash: hash('block', number, salt),
    firstBlockNumber: previous.lastBlockNumber + 1n,
    lastBlockNumber: previous.lastBlockNumber + 2n,
    lastTimestamp: previous.lastTimestamp + 10n,
    messagesRoot: emptyMessagesRoot,
    stateDiffHash: keccak256Hex(stateDiff),
  }
  const stateRoot = hash('state', number, salt)
  const publicInputs = {
    ...fields,
    l1ChainId: 31_337n,
    rollup,
    l2ChainId: 313_372n,
    rulesVersion: rules.version,
    batchNumber: number,
    parentBlockHash: previous.lastBlockHash,
    stateRootBefore: previous.stateRoot,
    stateRootAfter: stateRoot,
    inboxCountBefore: previous.inboxCount,
    inboxRootBefore: previous.inboxRoot,
    inboxCountAfter: previous.inboxCount,
    inboxRootAfter: previous.inboxRoot,
  }
  return {
    ...fields,
    number,
    stateRoot,
    inboxCount: previous.inboxCount,
    inboxRoot: previous.inboxRoot,
    digest: batchDigest(publicInputs),
    programId,
    proofType: 'attested',
    devReasons: [],
    transactionCount: 2,
    depositCount: 0,
    sealedAtMs: 1,
    stateDiff,
    messages: [],
    // Its hash is the digest: a program that hashes its input proves the batch.
    proverInput: encodePublicInputs(publicInputs),
  }
}
