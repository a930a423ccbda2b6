import { z } from 'zod'

/** Results as they go over the wire. Checked against what methods answer in the tests; nothing is validated in production. */
const quantityPattern = /^0x(0|[1-9a-f][0-9a-f]*)$/

export const QuantityResult = z.string().regex(quantityPattern).meta({ title: 'Quantity' })
export const DataResult = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .meta({ title: 'Data' })
export const HashResult = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ title: 'Hash' })
export const AddressResult = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/)
  .meta({ title: 'Address' })
const BloomResult = z
  .string()
  .regex(/^0x[0-9a-f]{512}$/)
  .meta({ title: 'Bloom' })

export const LogResult = z
  .strictObject({
    address: AddressResult,
    topics: z.array(HashResult).max(4).readonly(),
    data: DataResult,
    blockHash: HashResult,
    blockNumber: QuantityResult,
    blockTimestamp: QuantityResult,
    transactionHash: HashResult,
    transactionIndex: QuantityResult,
    logIndex: QuantityResult,
    removed: z.literal(false),
  })
  .meta({ title: 'Log' })

/** A log in a receipt, with what zkSync's clients look for. */
const ReceiptLogResult = LogResult.extend({
  l1BatchNumber: QuantityResult.nullable(),
  transactionLogIndex: QuantityResult.meta({ description: 'Position in the transaction.' }),
  logType: z.null(),
}).meta({ title: 'ReceiptLog' })

/** Leaf of an L2 to L1 message. */
const L2ToL1LogResult = z
  .strictObject({
    blockHash: HashResult,
    blockNumber: QuantityResult,
    l1BatchNumber: QuantityResult.nullable(),
    transactionHash: HashResult,
    transactionIndex: QuantityResult,
    logIndex: QuantityResult,
    shardId: QuantityResult,
    isService: z.boolean(),
    sender: AddressResult,
    key: HashResult,
    value: HashResult,
  })
  .meta({ title: 'L2ToL1Log' })

/** Null while the batch is open. */
const transactionBatchResults = { l1BatchNumber: QuantityResult.nullable(), l1BatchTxIndex: QuantityResult.nullable() }

export const ReceiptResult = z
  .strictObject({
    transactionHash: HashResult,
    transactionIndex: QuantityResult,
    blockHash: HashResult,
    blockNumber: QuantityResult,
    type: QuantityResult,
    from: AddressResult,
    to: AddressResult.nullable(),
    contractAddress: AddressResult.nullable(),
    status: z.string().regex(/^0x[01]$/),
    gasUsed: QuantityResult,
    cumulativeGasUsed: QuantityResult,
    effectiveGasPrice: QuantityResult,
    logs: z.array(ReceiptLogResult).readonly(),
    logsBloom: BloomResult,
    ...transactionBatchResults,
    l2ToL1Logs: z.array(L2ToL1LogResult).readonly(),
  })
  .meta({ title: 'Receipt' })

export const AccessListResult = z.array(z.strictObject({ address: AddressResult, storageKeys: z.array(HashResult).readonly() })).readonly()

export const TransactionResult = z
  .strictObject({
    blockHash: HashResult.nullable(),
    blockNumber: QuantityResult.nullable(),
    transactionIndex: QuantityResult.nullable(),
    from: AddressResult,
    hash: HashResult,
    type: z.string().regex(/^0x[0124]$/),
    nonce: QuantityResult,
    gas: QuantityResult,
    gasPrice: QuantityResult,
    maxFeePerGas: QuantityResult.optional(),
    maxPriorityFeePerGas: QuantityResult.optional(),
    to: AddressResult.nullable(),
    value: QuantityResult,
    input: DataResult,
    accessList: AccessListResult.optional(),
    authorizationList: z
      .array(
        z.strictObject({
          chainId: QuantityResult,
          address: AddressResult,
          nonce: QuantityResult,
          yParity: QuantityResult,
          r: QuantityResult,
          s: QuantityResult,
        }),
      )
      .readonly()
      .optional(),
    chainId: QuantityResult.optional(),
    v: QuantityResult,
    yParity: z
      .string()
      .regex(/^0x[01]$/)
      .optional(),
    r: QuantityResult,
    s: QuantityResult,
    ...transactionBatchResults,
  })
  .meta({ title: 'TransactionInfo' })

/** One that is in no block and has no signature. */
export const UnsignedTransactionResult = TransactionResult.omit({
  blockHash: true,
  blockNumber: true,
  transactionIndex: true,
  l1BatchNumber: true,
  l1BatchTxIndex: true,
}).meta({ title: 'UnsignedTransaction' })

const headerFields = {
  parentHash: HashResult,
  sha3Uncles: HashResult,
  miner: AddressResult,
  stateRoot: HashResult,
  transactionsRoot: HashResult,
  receiptsRoot: HashResult,
  logsBloom: BloomResult,
  difficulty: QuantityResult,
  number: QuantityResult,
  gasLimit: QuantityResult,
  gasUsed: QuantityResult,
  timestamp: QuantityResult,
  extraData: DataResult,
  mixHash: HashResult,
  nonce: z.string().regex(/^0x[0-9a-f]{16}$/),
  baseFeePerGas: QuantityResult,
  withdrawalsRoot: HashResult,
  blobGasUsed: QuantityResult,
  excessBlobGas: QuantityResult,
  parentBeaconBlockRoot: HashResult,
  requestsHash: HashResult,
}

/** What a newHeads notification carries. */
export const HeadResult = z.strictObject({ ...headerFields, hash: HashResult }).meta({ title: 'Header' })

/** `hash`, `nonce` and `miner` are null for the pending block. */
export const BlockResult = z
  .strictObject({
    ...headerFields,
    hash: HashResult.nullable(),
    miner: AddressResult.nullable(),
    nonce: headerFields.nonce.nullable(),
    size: QuantityResult,
    uncles: z.array(HashResult).readonly(),
    transactions: z.array(z.union([HashResult, TransactionResult])).readonly(),
    withdrawals: z
      .array(z.strictObject({ index: QuantityResult, validatorIndex: QuantityResult, address: AddressResult, amount: QuantityResult }))
      .readonly(),
    l1BatchNumber: QuantityResult.nullable(),
    l1BatchTimestamp: QuantityResult.nullable(),
  })
  .meta({ title: 'Block' })

/** What debug_traceBlock* answers; the form of a trace is the tracer's. */
export const BlockTraceResult = z.array(z.strictObject({ txHash: HashResult, result: z.unknown() })).readonly()
