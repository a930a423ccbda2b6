import type { Common } from '@ethereumjs/common'
import { Capability, createTxFromRLP, getCalldataFloorGas, TransactionType, type TypedTransaction } from '@ethereumjs/tx'
import type { Account, Address } from '@ethereumjs/util'
import { bytesToHex, InvalidTransactionError } from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'
import { decodeImpersonated, impersonatedSenderOf } from './impersonation.ts'

/**
 * Decodes a signed transaction from its EIP-2718 bytes.
 * @throws InvalidTransactionError also for blob transactions, which this chain does not have
 */
export function decodeTransaction(raw: Uint8Array, common: Common): TypedTransaction {
  if (raw[0] === TransactionType.BlobEIP4844) {
    throw new InvalidTransactionError('transaction type not supported', 'TRANSACTION_TYPE_NOT_SUPPORTED')
  }
  let transaction: TypedTransaction
  try {
    transaction = createTxFromRLP(raw, { common })
    if (!transaction.isSigned()) throw new TypeError('it is not signed')
  } catch (error) {
    throw new InvalidTransactionError(error instanceof Error ? error.message : String(error), 'TRANSACTION_MALFORMED')
  }
  // The library accepts RLP that is not canonical; its hash would be another one than that of these bytes.
  if (Buffer.compare(transaction.serialize(), raw) !== 0) {
    throw new InvalidTransactionError('rlp: the encoding is not canonical', 'TRANSACTION_MALFORMED')
  }
  return transaction
}

/** As `decodeTransaction`, for what this node has sealed itself: with transactions that carry an impersonation. */
export function decodeSealedTransaction(raw: Uint8Array, common: Common): TypedTransaction {
  return decodeImpersonated(raw, common) ?? decodeTransaction(raw, common)
}

/** @throws InvalidTransactionError where the signature recovers to no address */
function senderOf(transaction: TypedTransaction): Address {
  try {
    return transaction.getSenderAddress()
  } catch {
    throw new InvalidTransactionError('invalid sender', 'INVALID_SENDER')
  }
}

function maxFeeOf(transaction: TypedTransaction): bigint {
  return 'maxFeePerGas' in transaction ? transaction.maxFeePerGas : transaction.gasPrice
}

export function effectiveGasPrice(transaction: TypedTransaction, baseFeePerGas: bigint): bigint {
  return transaction.supports(Capability.EIP1559FeeMarket)
    ? transaction.getEffectivePriorityFee(baseFeePerGas) + baseFeePerGas
    : maxFeeOf(transaction)
}

/**
 * Whether the state lets a transaction into a block with this base fee: the rules in the order, and the words, of geth.
 * @throws InvalidTransactionError with a code per rule
 */
export async function assertExecutable(transaction: TypedTransaction, state: WorldState, baseFeePerGas: bigint): Promise<void> {
  const sender = senderOf(transaction)
  const account = await state.getAccount(sender)
  assertNonce(transaction, sender, account?.nonce ?? 0n)
  if (account !== undefined && impersonatedSenderOf(transaction) === undefined) await assertNoContract(sender, account, state)
  const maxFee = maxFeeOf(transaction)
  if (maxFee < baseFeePerGas) {
    throw new InvalidTransactionError(
      `max fee per gas less than block base fee: address ${sender}, maxFeePerGas: ${maxFee}, baseFee: ${baseFeePerGas}`,
      'FEE_CAP_TOO_LOW',
    )
  }
  const cost = transaction.gasLimit * maxFee + transaction.value
  const balance = account?.balance ?? 0n
  if (balance < cost) {
    throw new InvalidTransactionError(
      `insufficient funds for gas * price + value: address ${sender} have ${balance} want ${cost}`,
      'INSUFFICIENT_FUNDS',
    )
  }
  const intrinsic = transaction.getIntrinsicGas()
  if (transaction.gasLimit < intrinsic) {
    throw new InvalidTransactionError(`intrinsic gas too low: have ${transaction.gasLimit}, want ${intrinsic}`, 'INTRINSIC_GAS')
  }
  const floor = getCalldataFloorGas(transaction, sender)
  if (transaction.gasLimit < floor) {
    throw new InvalidTransactionError(
      `insufficient gas for floor data gas cost: have ${transaction.gasLimit}, want ${floor}`,
      'FLOOR_DATA_GAS',
    )
  }
}

function assertNonce({ nonce }: TypedTransaction, sender: Address, expected: bigint): void {
  if (nonce < expected) {
    throw new InvalidTransactionError(`nonce too low: address ${sender}, tx: ${nonce} state: ${expected}`, 'NONCE_TOO_LOW')
  }
  if (nonce > expected) {
    throw new InvalidTransactionError(`nonce too high: address ${sender}, tx: ${nonce} state: ${expected}`, 'NONCE_TOO_HIGH')
  }
}

/** EIP-3607, with the exception that EIP-7702 makes for delegations. */
async function assertNoContract(sender: Address, account: Account, state: WorldState): Promise<void> {
  if (!account.isContract()) return
  const code = await state.getCode(sender)
  const isDelegation = code.length === 23 && code[0] === 0xef && code[1] === 0x01 && code[2] === 0x00
  if (!isDelegation) {
    throw new InvalidTransactionError(`sender not an eoa: address ${sender}, codehash: ${bytesToHex(account.codeHash)}`, 'SENDER_NO_EOA')
  }
}
