import {
  emptyMessagesRoot,
  encodeStateDiff,
  type Hex,
  hexToBytes,
  InboxTree,
  keccak256Hex,
  type ProofType,
  type SealedBlock,
  type StateDiff,
} from '../../core/index.ts'
import { changesToDiff, decodeChanges, type ExecutedBlock, encodeHeader, type StateChanges } from '../../stf/index.ts'
import type { ChainStore } from '../storage/chain-store.ts'
import type { BatchStore, ClosedBatch } from './batch-store.ts'

interface GenesisBatchParts {
  readonly block: SealedBlock
  readonly changes: StateChanges
  /** Codes that stand in the genesis, by hash. */
  readonly code: (hash: Hex) => Uint8Array | undefined
  readonly proofType: ProofType
}

const zeroHash: Hex = `0x${'00'.repeat(32)}`

/** Batch 0: the genesis as a change of the empty state. It is posted when the contracts are deployed and is never proven. */
function genesisBatch({ block, changes, code, proofType }: GenesisBatchParts): ClosedBatch {
  const diff: StateDiff = { header: encodeHeader(block.header), accounts: changesToDiff(changes, code) }
  const stateDiff = encodeStateDiff(diff)
  return {
    number: 0n,
    lastBlockHash: block.hash,
    stateRoot: block.header.stateRoot,
    firstBlockNumber: 0n,
    lastBlockNumber: 0n,
    lastTimestamp: block.header.timestamp,
    inboxCount: 0n,
    inboxRoot: new InboxTree().root(),
    messagesRoot: emptyMessagesRoot,
    stateDiffHash: keccak256Hex(stateDiff),
    digest: zeroHash,
    programId: zeroHash,
    proofType,
    devReasons: [],
    transactionCount: 0,
    depositCount: 0,
    sealedAtMs: Number(block.header.timestamp) * 1000,
    stateDiff,
    messages: [],
    proverInput: null,
  }
}

/** Batch 0 of a genesis block that was just made, for those who deploy the contracts. */
export function genesisBatchOf({ block, commit }: ExecutedBlock, proofType: ProofType): ClosedBatch {
  const codes = new Map(commit.newCodes.map(({ code }) => [keccak256Hex(code), code]))
  return genesisBatch({ block, changes: commit.changes, code: (hash) => codes.get(hash), proofType })
}

/** Stores batch 0 of a chain whose history begins with its genesis, unless it is there. */
export function storeGenesisBatch(store: BatchStore, chain: ChainStore, proofType: ProofType): void {
  if (store.latest() !== undefined) return
  const record = chain.record(0n)
  if (record === undefined) throw new RangeError('the genesis block is not stored, nor is the genesis batch')
  const code = (hash: Hex): Uint8Array | undefined => chain.code(hexToBytes(hash))
  store.add(genesisBatch({ block: record.block, changes: decodeChanges(record.changes), code, proofType }))
}
