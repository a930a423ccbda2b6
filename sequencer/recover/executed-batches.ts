import { encodeEventTopics } from 'viem'
import { rollupAbi } from '../../contracts/index.ts'
import { batchDigest, type Hex, keccak256Hex, noProgramId, rules, type StoredBatch, storedBatchHash } from '../../core/index.ts'
import type { L1Client } from '../settlement/l1-client.ts'
import { type PostedBatch, postedBatches, type RollupContract } from '../settlement/rollup-contract.ts'
import { RecoveryDataError } from './errors.ts'

/** A batch as L1 has it, with the bytes that were posted. */
export interface RecoveredBatch extends StoredBatch {
  readonly stateDiff: Uint8Array
  readonly commitTx: Hex
  readonly commitL1Block: bigint
}

export interface ExecutedBatchesOptions {
  readonly lastExecuted: bigint
  /** L1 block at which everything is read. */
  readonly l1Block: bigint
  readonly deployBlock: bigint
  readonly maxLogRange: bigint
  readonly l1ChainId: bigint
  readonly l2ChainId: bigint
}

export interface ExecutedBatchesDeps {
  readonly l1: L1Client
  readonly rollup: RollupContract
  readonly inboxRootAt: (count: bigint) => Hex
}

interface CommitPlace {
  readonly txHash: Hex
  readonly l1Block: bigint
  /** That batches had to be proven with when it was committed. */
  readonly programId: Hex
}

const zeroHash: Hex = `0x${'00'.repeat(32)}`
const [committedTopic] = encodeEventTopics({ abi: rollupAbi, eventName: 'BatchCommitted' })
const [programSetTopic] = encodeEventTopics({ abi: rollupAbi, eventName: 'ProgramSet' })

/**
 * The executed batches in order, from the calldata of the transactions that committed them.
 *
 * Each is checked against the hash that the contract stores, which covers every field and the bytes of its diff. A batch that was
 * reverted and committed again is told from its successor by that hash.
 * @throws RecoveryDataError
 */
export async function* executedBatches(opts: ExecutedBatchesOptions, deps: ExecutedBatchesDeps): AsyncGenerator<RecoveredBatch> {
  const places = await commitPlaces(opts, deps)
  let previous: StoredBatch | undefined
  let transaction: { readonly hash: Hex; readonly batches: readonly PostedBatch[] } | undefined
  for (let number = 0n; number <= opts.lastExecuted; number++) {
    const hash = await deps.rollup.storedBatchHash(number, opts.l1Block)
    const place = places.get(hash)
    if (place === undefined) throw new RecoveryDataError({ batch: number, reason: 'the L1 has no event of its commit' })
    if (transaction?.hash !== place.txHash) {
      const input = (await deps.l1.transaction(place.txHash))?.input
      if (input === undefined)
        throw new RecoveryDataError({ batch: number, reason: `the L1 does not have the transaction ${place.txHash}` })
      transaction = { hash: place.txHash, batches: postedBatches(input) }
    }
    const posted = transaction.batches.find((candidate) => candidate.number === number)
    if (posted === undefined) throw new RecoveryDataError({ batch: number, reason: `it is not in the calldata of ${place.txHash}` })
    const stored = toStored(posted, previous, {
      ...opts,
      ...{ programId: place.programId, rollup: deps.rollup.address, inboxRootAt: deps.inboxRootAt },
    })
    if (storedBatchHash(stored) !== hash) {
      throw new RecoveryDataError({
        batch: number,
        reason: `the calldata of ${place.txHash} does not have the hash that the contract stores`,
      })
    }
    yield { ...stored, stateDiff: posted.stateDiff, commitTx: place.txHash, commitL1Block: place.l1Block }
    previous = stored
  }
}

/** Where each batch was committed, and under which program, by its stored hash. */
async function commitPlaces(
  { deployBlock, l1Block, maxLogRange }: ExecutedBatchesOptions,
  { l1, rollup }: ExecutedBatchesDeps,
): Promise<ReadonlyMap<Hex, CommitPlace>> {
  const places = new Map<Hex, CommitPlace>()
  const query = { address: rollup.address, fromBlock: deployBlock, toBlock: l1Block, topics: [[committedTopic, programSetTopic]] }
  // The constructor sets the first one.
  let programId = noProgramId
  for await (const { topics, transactionHash, blockNumber } of l1.logsInRanges(query, maxLogRange)) {
    if (topics[0] === programSetTopic) programId = topics[1] ?? noProgramId
    else if (topics[2] !== undefined) places.set(topics[2], { txHash: transactionHash, l1Block: blockNumber, programId })
  }
  return places
}

interface Surroundings {
  readonly l1ChainId: bigint
  readonly l2ChainId: bigint
  readonly rollup: Hex
  readonly programId: Hex
  readonly inboxRootAt: (count: bigint) => Hex
}

/** What the contract made of a posted batch (docs/formats.md §1 and §5). */
function toStored(
  { stateDiff, number, ...posted }: PostedBatch,
  previous: StoredBatch | undefined,
  { inboxRootAt, programId, ...constants }: Surroundings,
): StoredBatch {
  const { lastBlockHash, stateRoot, firstBlockNumber, lastBlockNumber, lastTimestamp, inboxCount, messagesRoot, isDev } = posted
  const claimed = { number, lastBlockHash, stateRoot, firstBlockNumber, lastBlockNumber, lastTimestamp, inboxCount, messagesRoot }
  const derived = { inboxRoot: inboxRootOf(number, inboxCount, inboxRootAt), stateDiffHash: keccak256Hex(stateDiff) }
  if (previous === undefined) return { ...claimed, ...derived, digest: zeroHash, programId: noProgramId }
  const digest = batchDigest({
    ...claimed,
    ...derived,
    ...constants,
    rulesVersion: rules.version,
    batchNumber: number,
    parentBlockHash: previous.lastBlockHash,
    stateRootBefore: previous.stateRoot,
    stateRootAfter: stateRoot,
    inboxCountBefore: previous.inboxCount,
    inboxRootBefore: previous.inboxRoot,
    inboxCountAfter: inboxCount,
    inboxRootAfter: derived.inboxRoot,
  })
  return { ...claimed, ...derived, digest, programId: isDev ? noProgramId : programId }
}

function inboxRootOf(batch: bigint, count: bigint, inboxRootAt: (count: bigint) => Hex): Hex {
  try {
    return inboxRootAt(count)
  } catch (cause) {
    throw new RecoveryDataError({ batch, reason: `it consumed ${count} Inbox items, which the L1 does not have`, cause })
  }
}
