import type { z } from 'zod'
import { type BlockHeader, bytesToHex, type SealedTransaction } from '../../core/index.ts'
import { toQuantity } from '../encoding/quantity.ts'
import { decodeTransaction, type SignedTransaction } from '../encoding/transaction-codec.ts'
import type { RawBlockTransactionResult } from '../schemas/zks-results.ts'
import { zeroAddress } from './addresses.ts'

const typeNames = {
  0: 'LegacyTransaction',
  1: 'EIP2930Transaction',
  2: 'EIP1559Transaction',
  4: 'EIP7702Transaction',
} as const satisfies Record<SignedTransaction['type'], string>

/** A transaction as zkSync's nodes store it. */
export function rawBlockTransaction(
  { raw, sender, hash }: SealedTransaction,
  { timestamp }: BlockHeader,
): z.input<typeof RawBlockTransactionResult> {
  const fields = decodeTransaction(raw)
  const price = 'gasPrice' in fields ? fields.gasPrice : fields.maxFeePerGas
  return {
    common_data: {
      L2: {
        nonce: Number(fields.nonce),
        fee: {
          gas_limit: toQuantity(fields.gas),
          max_fee_per_gas: toQuantity(price),
          max_priority_fee_per_gas: toQuantity('maxPriorityFeePerGas' in fields ? fields.maxPriorityFeePerGas : price),
          gas_per_pubdata_limit: toQuantity(0),
        },
        initiatorAddress: sender,
        signature: signatureBytes(fields.signature),
        transactionType: typeNames[fields.type],
        input: { hash, data: [...raw] },
        paymasterParams: { paymaster: zeroAddress, paymasterInput: [] },
      },
    },
    execute: { contractAddress: fields.to, calldata: bytesToHex(fields.data), value: toQuantity(fields.value), factoryDeps: [] },
    received_timestamp_ms: Number(timestamp) * 1_000,
    raw_bytes: bytesToHex(raw),
  }
}

/** r, s, v: 65 bytes. */
function signatureBytes({ r, s, yParity }: SignedTransaction['signature']): number[] {
  const word = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
  return [...word(r), ...word(s), 27 + Number(yParity)]
}
