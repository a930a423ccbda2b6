import { type GuestFailure, headerFieldNames } from '../../core/index.ts'
import { guestStatusOf } from '../status.ts'

/** `enum transaction_fault` in guest/src/eth/transaction.h, from 1. */
const transactionFaults = [
  'its type is unknown',
  'its chain id is another',
  'its signature is not valid',
  'its nonce is not the sender’s next',
  'its sender is a contract',
  'its fee is below the base fee',
  'its priority fee is above its fee',
  'its sender cannot pay for it',
  'its gas limit is below what it costs at least',
  'its gas limit is above what is left or allowed',
  'its init code is too long',
  'it has no authorization',
  'it creates a contract, which its type cannot',
  'its blobs are not valid',
]

/** Why the guest ended, as a clause. */
export function failureText(exitCode: number, failure: GuestFailure | null): string {
  const status = guestStatusOf(exitCode)
  const meaning = status?.meaning ?? `it ended with the unknown status ${exitCode}`
  const detail = status === undefined || failure === null ? undefined : detailText(status.name, failure.detail)
  return detail === undefined ? meaning : `${meaning} (${detail})`
}

function detailText(status: string, detail: number): string | undefined {
  if (status === 'TRANSACTION') return transactionFaults[detail - 1]
  if (status === 'HEADER') return headerFieldNames[detail]
  return undefined
}
