import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Batch,
  batchDigest,
  encodeProverInput,
  encodeStateDiff,
  type Hex,
  hexToBytes,
  type InboxItem,
  keccak256Hex,
  messageLeaf,
  messagesOfReceipts,
  messagesRoot,
  noProgramId,
  type ProofType,
  type PublicInputs,
  type Receipt,
  rules,
  type StoredBatch,
} from '../../core/index.ts'
import { changesToDiff, collectWitness, decodeChanges, decodeTouched, mergeChanges, type StateChanges } from '../../stf/index.ts'
import type { BatchSource, BlockRecord } from '../storage/chain-store.ts'
import type { BatchMessage, ClosedBatch } from './batch-store.ts'

/** What of the digest is the same for all batches of a deployment. */
export interface RollupIdentity {
  readonly l1ChainId: bigint
  readonly rollup: Hex
  readonly programId: Hex
  readonly proofType: ProofType
}

/** What batches need to know of the Inbox. */
export interface BatchInbox {
  rootAt(count: bigint): Hex
  /** From `from` on, below `to`. */
  items(from: bigint, to: bigint): readonly InboxItem[]
  frontierAt(count: bigint): readonly Hex[]
}

export interface BuildBatchRequest {
  /** The batch before; this one begins with the block after its last. */
  readonly previous: Batch
  readonly lastBlockNumber: bigint
  readonly sealedAtMs: number
}

export interface BuildBatchDeps {
  readonly identity: RollupIdentity
  readonly chain: BatchSource
  readonly inbox: BatchInbox
}

interface DecodedBlock extends BlockRecord {
  readonly receipts: readonly Receipt[]
}

/** Makes a batch of stored blocks: a dev batch where the guest would not accept one of them. Gives way to sealing between its steps. */
export async function buildBatch({ previous, lastBlockNumber, sealedAtMs }: BuildBatchRequest, deps: BuildBatchDeps): Promise<ClosedBatch> {
  const { chain, inbox, identity } = deps
  const number = previous.number + 1n
  const firstBlockNumber = previous.lastBlockNumber + 1n
  const blocks: DecodedBlock[] = []
  for (let block = firstBlockNumber; block <= lastBlockNumber; block++) {
    const record = chain.record(block)
    if (record !== undefined) blocks.push({ ...record, receipts: chain.receipts(block) })
    if (blocks.length % 32 === 0) await nextTurn()
  }
  const last = blocks.at(-1)
  const parent = chain.record(previous.lastBlockNumber)
  if (last === undefined || parent === undefined || BigInt(blocks.length) !== lastBlockNumber - previous.lastBlockNumber) {
    throw new RangeError(`blocks ${previous.lastBlockNumber}…${lastBlockNumber} are not all stored`)
  }
  const changes = blocks.map((block) => decodeChanges(block.changes))
  const devReasons = blocks.flatMap(({ block }) => chain.devReasons(block.header.number))
  const isDev = devReasons.length > 0
  const items = inbox.items(previous.inboxCount, last.inboxCountAfter)
  const proverInput = isDev ? null : await proverInputOf({ previous, parent, blocks, changes, items }, deps)
  await nextTurn()

  const stateDiff = encodeStateDiff({
    header: last.header,
    accounts: changesToDiff(mergeChanges(changes), (hash) => chain.code(hexToBytes(hash))),
  })
  const messages = messagesOf(blocks)
  const fields = {
    lastBlockHash: last.block.hash,
    firstBlockNumber,
    lastBlockNumber,
    lastTimestamp: last.block.header.timestamp,
    messagesRoot: messagesRoot(messages.map(messageLeaf)),
    stateDiffHash: keccak256Hex(stateDiff),
  }
  const batch = {
    ...fields,
    number,
    stateRoot: last.block.header.stateRoot,
    inboxCount: last.inboxCountAfter,
    inboxRoot: inbox.rootAt(last.inboxCountAfter),
  }
  return {
    ...batch,
    digest: batchDigest(publicInputsOf({ batch, previous, identity, l2ChainId: chain.chainId })),
    programId: isDev ? noProgramId : identity.programId,
    proofType: isDev ? 'dev' : identity.proofType,
    devReasons,
    transactionCount: blocks.reduce((count, { block }) => count + block.transactions.length, 0),
    depositCount: items.length,
    sealedAtMs,
    stateDiff,
    messages,
    proverInput,
  }
}

interface ProverInputParts {
  readonly previous: Batch
  readonly parent: BlockRecord
  readonly blocks: readonly DecodedBlock[]
  readonly changes: readonly StateChanges[]
  readonly items: readonly InboxItem[]
}

async function proverInputOf(
  { previous, parent, blocks, changes, items }: ProverInputParts,
  { chain, inbox, identity }: BuildBatchDeps,
): Promise<Uint8Array> {
  const touched = blocks.map((block) => decodeTouched(block.touched))
  await nextTurn()
  const witness = collectWitness({
    stateRootBefore: previous.stateRoot,
    blocks: changes.map((changed, index) => ({ changes: changed, touched: touched[index] ?? [] })),
    store: chain,
  })
  await nextTurn()
  return encodeProverInput({
    l1ChainId: identity.l1ChainId,
    rollup: identity.rollup,
    l2ChainId: chain.chainId,
    rulesVersion: rules.version,
    batchNumber: previous.number + 1n,
    stateRootBefore: previous.stateRoot,
    inboxCountBefore: previous.inboxCount,
    parentHeader: parent.header,
    blocks: blocks.map(({ rlp }) => rlp),
    ...witness,
    frontier: items.length === 0 ? [] : inbox.frontierAt(previous.inboxCount),
    items,
  })
}

export interface PublicInputsParts {
  readonly batch: Omit<StoredBatch, 'digest' | 'programId'>
  readonly previous: StoredBatch
  readonly identity: RollupIdentity
  readonly l2ChainId: bigint
}

/** What the sequencer says that a batch proves. */
export function publicInputsOf({ batch, previous, identity, l2ChainId }: PublicInputsParts): PublicInputs {
  return {
    l1ChainId: identity.l1ChainId,
    rollup: identity.rollup,
    l2ChainId,
    rulesVersion: rules.version,
    batchNumber: batch.number,
    parentBlockHash: previous.lastBlockHash,
    stateRootBefore: previous.stateRoot,
    lastBlockHash: batch.lastBlockHash,
    stateRootAfter: batch.stateRoot,
    firstBlockNumber: batch.firstBlockNumber,
    lastBlockNumber: batch.lastBlockNumber,
    lastTimestamp: batch.lastTimestamp,
    stateDiffHash: batch.stateDiffHash,
    inboxCountBefore: previous.inboxCount,
    inboxRootBefore: previous.inboxRoot,
    inboxCountAfter: batch.inboxCount,
    inboxRootAfter: batch.inboxRoot,
    messagesRoot: batch.messagesRoot,
  }
}

function messagesOf(blocks: readonly DecodedBlock[]): BatchMessage[] {
  const receipts = blocks.flatMap((block) => block.receipts)
  return messagesOfReceipts(receipts).map((message) => {
    const receipt = receipts[message.txNumberInBatch]
    if (receipt === undefined) throw new RangeError(`no receipt ${message.txNumberInBatch} in the batch`)
    return { ...message, transactionHash: receipt.transactionHash }
  })
}
