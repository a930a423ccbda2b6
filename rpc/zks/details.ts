import type { z } from 'zod'
import type { Batch, BatchReader, BlockHeader, ChainReader, L1Step, PooledTransaction, Receipt, SealedBlock } from '../../core/index.ts'
import { toQuantity } from '../encoding/quantity.ts'
import { decodeTransaction } from '../encoding/transaction-codec.ts'
import type { BatchDetailsResult, BlockDetailsResult, TransactionDetailsResult } from '../schemas/zks-results.ts'

type BatchDetails = z.input<typeof BatchDetailsResult>
type BlockDetails = z.input<typeof BlockDetailsResult>
type TransactionDetails = z.input<typeof TransactionDetailsResult>

const noSystemContracts = { bootloader: null, default_aa: null }

/** zkSync's view of a batch. */
export function batchDetails(batch: Batch, chain: ChainReader): BatchDetails {
  return {
    number: Number(batch.number),
    timestamp: Number(batch.lastTimestamp),
    l1TxCount: batch.depositCount,
    l2TxCount: batch.transactionCount,
    rootHash: batch.stateRoot,
    ...stepsOf(batch),
    l1GasPrice: 0,
    // A node that was recovered from L1 does not have the blocks of older batches.
    l2FairGasPrice: Number(chain.blockByNumber(batch.lastBlockNumber)?.header.baseFeePerGas ?? 0n),
    baseSystemContractsHashes: noSystemContracts,
  }
}

/** zkSync's view of a block: its `rootHash` is the block's hash. */
export function blockDetails({ hash, header, transactions, withdrawals }: SealedBlock, batches: BatchReader): BlockDetails {
  const number = batches.batchOfBlock(header.number)
  return {
    number: Number(header.number),
    l1BatchNumber: Number(number ?? batches.open().number),
    timestamp: Number(header.timestamp),
    l1TxCount: withdrawals.length,
    l2TxCount: transactions.length,
    rootHash: hash,
    ...stepsOf(number === undefined ? undefined : batches.batch(number)),
    l1GasPrice: 0,
    l2FairGasPrice: Number(header.baseFeePerGas),
    baseSystemContractsHashes: noSystemContracts,
    operatorAddress: header.coinbase,
    protocolVersion: null,
  }
}

export function sealedTransactionDetails(
  receipt: Receipt,
  { chain, batches }: { readonly chain: ChainReader; readonly batches: BatchReader },
): TransactionDetails {
  const number = batches.batchOfBlock(receipt.blockNumber)
  const batch = number === undefined ? undefined : batches.batch(number)
  const { commitTxHash, proveTxHash, executeTxHash, status } = stepsOf(batch)
  const timestamp = chain.blockByNumber(receipt.blockNumber)?.header.timestamp ?? 0n
  return {
    isL1Originated: false,
    status: !receipt.succeeded ? 'failed' : status === 'verified' ? 'verified' : 'included',
    fee: toQuantity(receipt.gasUsed * receipt.effectiveGasPrice),
    gasPerPubdata: toQuantity(0),
    initiatorAddress: receipt.from,
    receivedAt: toTime(timestamp),
    ethCommitTxHash: commitTxHash,
    ethProveTxHash: proveTxHash,
    ethExecuteTxHash: executeTxHash,
  }
}

export function pendingTransactionDetails({ raw, sender }: PooledTransaction, next: Pick<BlockHeader, 'timestamp'>): TransactionDetails {
  const fields = decodeTransaction(raw)
  return {
    isL1Originated: false,
    status: 'pending',
    fee: toQuantity(fields.gas * ('gasPrice' in fields ? fields.gasPrice : fields.maxFeePerGas)),
    gasPerPubdata: toQuantity(0),
    initiatorAddress: sender,
    receivedAt: toTime(next.timestamp),
    ethCommitTxHash: null,
    ethProveTxHash: null,
    ethExecuteTxHash: null,
  }
}

function stepsOf(batch: Batch | undefined) {
  const commit = batch?.commit ?? null
  const prove = batch?.prove ?? null
  const execute = batch?.execute ?? null
  return {
    status: batch?.status === 'executed' ? ('verified' as const) : ('sealed' as const),
    commitTxHash: commit?.txHash ?? null,
    committedAt: timeOf(commit),
    proveTxHash: prove?.txHash ?? null,
    provenAt: timeOf(prove),
    executeTxHash: execute?.txHash ?? null,
    executedAt: timeOf(execute),
  }
}

function timeOf(step: L1Step | null): string | null {
  return step === null ? null : toTime(step.timestamp)
}

// The end of the year 9999, beyond which ISO 8601 needs another form; `evm_setTime` may go further.
const lastSecond = 253_402_300_799n

function toTime(seconds: bigint): string {
  return new Date(Number(seconds > lastSecond ? lastSecond : seconds) * 1_000).toISOString()
}
