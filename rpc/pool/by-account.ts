import type { Hex, PooledTransaction } from '../../core/index.ts'
import { decodeTransaction } from '../encoding/transaction-codec.ts'

/** Pooled transactions as txpool_* shows them: by sender, then by nonce in decimal. */
export function byAccount<T>(
  transactions: readonly PooledTransaction[],
  show: (transaction: PooledTransaction) => T,
): Record<Hex, Record<string, T>> {
  const accounts: Record<Hex, Record<string, T>> = {}
  for (const transaction of transactions) {
    const nonces = accounts[transaction.sender] ?? {}
    accounts[transaction.sender] = nonces
    nonces[transaction.nonce.toString()] = show(transaction)
  }
  return accounts
}

/** Geth's line of text. */
export function summarize({ raw }: PooledTransaction): string {
  const fields = decodeTransaction(raw)
  const price = 'gasPrice' in fields ? fields.gasPrice : fields.maxFeePerGas
  return `${fields.to ?? 'contract creation'}: ${fields.value} wei + ${fields.gas} gas × ${price} wei`
}
