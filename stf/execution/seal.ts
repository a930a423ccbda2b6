import { createContractAddress } from '@ethereumjs/util'
import { type BlockHeader, bytesToHex, type Hex, type Log, type Receipt, type SealedBlock, type Withdrawal } from '../../core/index.ts'
import { encodeBlock, encodeWithdrawal } from '../block/block-rlp.ts'
import { headerHash } from '../block/header.ts'
import { encodeRlp, encodeTyped } from '../rlp.ts'
import type { StateCommit } from '../state/world-state.ts'
import { orderedTrieRoot } from '../trie/ordered-trie.ts'
import { effectiveGasPrice } from './transaction-checks.ts'
import type { ExecutedBlock, TransactionOutcome } from './types.ts'

export interface IncludedTransaction {
  readonly outcome: TransactionOutcome
  readonly raw: Uint8Array
  readonly bloom: Uint8Array
}

export interface BlockParts {
  /** Without roots, bloom and gas used. */
  readonly header: BlockHeader
  readonly included: readonly IncludedTransaction[]
  readonly withdrawals: readonly Withdrawal[]
}

interface ConsensusReceipt {
  readonly type: number
  readonly succeeded: boolean
  readonly cumulativeGasUsed: bigint
  readonly bloom: Uint8Array
  readonly logs: TransactionOutcome['logs']
}

/** The receipt as the receipts trie holds it (EIP-658, EIP-2718). */
export function encodeReceipt({ type, succeeded, cumulativeGasUsed, bloom, logs }: ConsensusReceipt): Uint8Array {
  const items = [succeeded ? 1n : 0n, cumulativeGasUsed, bloom, logs.map(({ address, topics, data }) => [address, topics, data])]
  return type === 0 ? encodeRlp(items) : encodeTyped(type, items)
}

export function unionOf(blooms: readonly Uint8Array[]): Uint8Array {
  const [only] = blooms
  if (only !== undefined && blooms.length === 1) return only
  const union = new Uint8Array(256)
  for (const bloom of blooms) {
    for (let i = 0; i < 256; i++) union[i] = (union[i] ?? 0) | (bloom[i] ?? 0)
  }
  return union
}

function cumulativeGas(included: readonly IncludedTransaction[]): bigint[] {
  let total = 0n
  return included.map(({ outcome }) => {
    total += outcome.gasUsed
    return total
  })
}

/** Completes the header and gives the block with all that is told about it. */
export function sealBlock({ commit, ...parts }: BlockParts & { readonly commit: StateCommit }): ExecutedBlock {
  return { ...completeBlock({ ...parts, stateRoot: commit.stateRoot }), commit }
}

/** The block with a state root, whether or not that was committed. */
export function completeBlock({
  header: start,
  included,
  withdrawals,
  stateRoot,
}: BlockParts & { readonly stateRoot: Hex }): Omit<ExecutedBlock, 'commit'> {
  const cumulative = cumulativeGas(included)
  const header: BlockHeader = {
    ...start,
    stateRoot,
    transactionsRoot: bytesToHex(orderedTrieRoot(included.map(({ raw }) => raw))),
    receiptsRoot: bytesToHex(
      orderedTrieRoot(
        included.map(({ outcome: { transaction, succeeded, logs }, bloom }, i) =>
          encodeReceipt({ type: transaction.type, succeeded, cumulativeGasUsed: cumulative[i] ?? 0n, bloom, logs }),
        ),
      ),
    ),
    logsBloom: bytesToHex(unionOf(included.map(({ bloom }) => bloom))),
    gasUsed: cumulative.at(-1) ?? 0n,
    withdrawalsRoot: bytesToHex(orderedTrieRoot(withdrawals.map(encodeWithdrawal))),
  }
  const hash = headerHash(header)
  const rlp = encodeBlock({ header, transactions: included.map(({ raw }) => raw), withdrawals })
  const block: SealedBlock = {
    hash,
    header,
    transactions: included.map(({ outcome, raw }, index) => ({
      hash: outcome.hash,
      raw,
      sender: outcome.sender,
      blockHash: hash,
      blockNumber: header.number,
      index,
    })),
    withdrawals,
    size: rlp.length,
  }
  return { block, rlp, receipts: receiptsOf(included, { hash, header, cumulative }) }
}

interface ReceiptContext {
  readonly hash: Hex
  readonly header: BlockHeader
  readonly cumulative: readonly bigint[]
}

function receiptsOf(included: readonly IncludedTransaction[], { hash, header, cumulative }: ReceiptContext): Receipt[] {
  let logIndex = 0
  return included.map(({ outcome, bloom }, transactionIndex) => {
    const { transaction } = outcome
    const logs = outcome.logs.map(
      ({ address, topics, data }): Log => ({
        address,
        topics,
        data,
        blockHash: hash,
        blockNumber: header.number,
        blockTimestamp: header.timestamp,
        transactionHash: outcome.hash,
        transactionIndex,
        logIndex: logIndex++,
      }),
    )
    return {
      transactionHash: outcome.hash,
      transactionIndex,
      blockHash: hash,
      blockNumber: header.number,
      type: transaction.type,
      from: outcome.sender,
      to: transaction.to === undefined ? null : bytesToHex(transaction.to.bytes),
      contractAddress:
        transaction.to === undefined ? bytesToHex(createContractAddress(transaction.getSenderAddress(), transaction.nonce).bytes) : null,
      succeeded: outcome.succeeded,
      gasUsed: outcome.gasUsed,
      cumulativeGasUsed: cumulative[transactionIndex] ?? 0n,
      effectiveGasPrice: effectiveGasPrice(transaction, header.baseFeePerGas),
      logs,
      logsBloom: included.length === 1 ? header.logsBloom : bytesToHex(bloom),
    }
  })
}
