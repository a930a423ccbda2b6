import { type Hex, hexToBytes, InvalidTransactionError, keccak256Hex, type StateView } from '../../core/index.ts'
import { impersonatedSenderOf } from '../../stf/index.ts'
import type { DecodedTransaction } from './decode.ts'

const noCode = keccak256Hex(new Uint8Array())
const delegationPrefix = '0xef0100'

/** What the rest of the pool means for one transaction. */
export interface PoolContext {
  /** Upper bound of what the sender's other pooled transactions cost. */
  readonly pooledCost: bigint
}

/**
 * Checks a decoded transaction against the newest state, as geth's pool does. A nonce above the account's is fine: it waits.
 *
 * @throws InvalidTransactionError
 */
export function assertExecutable(transaction: DecodedTransaction, state: StateView, { pooledCost }: PoolContext): void {
  const { sender, nonce, maxCost } = transaction
  const account = state.account(sender)
  if (nonce < account.nonce) {
    throw new InvalidTransactionError(`nonce too low: next nonce ${account.nonce}, tx nonce ${nonce}`, 'NONCE_TOO_LOW')
  }
  if (account.codeHash !== noCode && impersonatedSenderOf(transaction.tx) === undefined && !isDelegation(state, sender)) {
    throw new InvalidTransactionError(`sender not an eoa: address ${sender}, codehash: ${account.codeHash}`, 'SENDER_NOT_EOA')
  }
  if (account.balance < maxCost) {
    throw new InvalidTransactionError(
      `insufficient funds for gas * price + value: balance ${account.balance}, tx cost ${maxCost}, overshot ${maxCost - account.balance}`,
      'INSUFFICIENT_FUNDS',
    )
  }
  const total = pooledCost + maxCost
  if (account.balance < total) {
    throw new InvalidTransactionError(
      `insufficient funds for gas * price + value: balance ${account.balance}, queued cost ${pooledCost}, tx cost ${maxCost}, overshot ${total - account.balance}`,
      'INSUFFICIENT_FUNDS',
    )
  }
}

/** Where blocks are sealed at once, a transaction that the next block cannot take is refused instead of kept. */
export function assertCoversBaseFee({ maxFeePerGas }: DecodedTransaction, baseFeePerGas: bigint): void {
  if (maxFeePerGas >= baseFeePerGas) return
  throw new InvalidTransactionError(
    `max fee per gas less than block base fee: maxFeePerGas: ${maxFeePerGas}, baseFee: ${baseFeePerGas}`,
    'FEE_CAP_TOO_LOW',
  )
}

// EIP-3607 lets a delegated account (EIP-7702) send.
function isDelegation(state: StateView, address: Hex): boolean {
  const code = state.code(address)
  return code.length === 23 && Buffer.compare(code.subarray(0, 3), hexToBytes(delegationPrefix)) === 0
}
