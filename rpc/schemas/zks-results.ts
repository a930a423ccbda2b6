import { z } from 'zod'
import { AddressResult, DataResult, HashResult, QuantityResult } from './results.ts'

/** Shapes of zkSync's `zks_` methods. Numbers are JSON numbers and times are ISO 8601 there. */
const Count = z.number().int().min(0)
const Time = z.iso.datetime()

const stepFields = {
  status: z.enum(['sealed', 'verified']),
  commitTxHash: HashResult.nullable(),
  committedAt: Time.nullable(),
  proveTxHash: HashResult.nullable(),
  provenAt: Time.nullable(),
  executeTxHash: HashResult.nullable(),
  executedAt: Time.nullable(),
}

const commonFields = {
  number: Count,
  timestamp: Count,
  l1TxCount: Count.meta({ description: 'Deposits.' }),
  l2TxCount: Count,
  rootHash: HashResult,
  ...stepFields,
  l1GasPrice: Count.meta({ description: "0: fees here do not follow L1's." }),
  l2FairGasPrice: Count.meta({ description: 'Base fee of the (last) block.' }),
  baseSystemContractsHashes: z.strictObject({ bootloader: z.null(), default_aa: z.null() }),
}

export const BatchDetailsResult = z.strictObject(commonFields).meta({ title: 'ZksBatchDetails' })

export const BlockDetailsResult = z
  .strictObject({
    ...commonFields,
    l1BatchNumber: Count.meta({ description: 'The open batch, where the block is not in a sealed one.' }),
    operatorAddress: AddressResult,
    protocolVersion: z.null(),
  })
  .meta({ title: 'ZksBlockDetails' })

export const TransactionDetailsResult = z
  .strictObject({
    isL1Originated: z.literal(false),
    status: z.enum(['pending', 'included', 'verified', 'failed']),
    fee: QuantityResult.meta({ description: 'Paid; of a pending one, the most that it may pay.' }),
    gasPerPubdata: QuantityResult,
    initiatorAddress: AddressResult,
    receivedAt: Time.meta({ description: 'Time of its block; of a pending one, of the next block.' }),
    ethCommitTxHash: HashResult.nullable(),
    ethProveTxHash: HashResult.nullable(),
    ethExecuteTxHash: HashResult.nullable(),
  })
  .meta({ title: 'ZksTransactionDetails' })

const Bytes = z.array(z.number().int().min(0).max(255))

export const RawBlockTransactionResult = z
  .strictObject({
    common_data: z.strictObject({
      L2: z.strictObject({
        nonce: Count,
        fee: z.strictObject({
          gas_limit: QuantityResult,
          max_fee_per_gas: QuantityResult,
          max_priority_fee_per_gas: QuantityResult,
          gas_per_pubdata_limit: QuantityResult,
        }),
        initiatorAddress: AddressResult,
        signature: Bytes,
        transactionType: z.enum(['LegacyTransaction', 'EIP2930Transaction', 'EIP1559Transaction', 'EIP7702Transaction']),
        input: z.strictObject({ hash: HashResult, data: Bytes }),
        paymasterParams: z.strictObject({ paymaster: AddressResult, paymasterInput: Bytes }),
      }),
    }),
    execute: z.strictObject({
      contractAddress: AddressResult.nullable(),
      calldata: DataResult,
      value: QuantityResult,
      factoryDeps: z.array(DataResult),
    }),
    received_timestamp_ms: Count,
    raw_bytes: DataResult,
  })
  .meta({ title: 'ZksRawTransaction' })
