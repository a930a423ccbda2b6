import { z } from 'zod'
import type { PooledTransaction } from '../../../core/index.ts'
import { pooledPlace, transactionToJson } from '../../encoding/transaction-json.ts'
import { defineMethod } from '../../method.ts'
import { byAccount } from '../../pool/by-account.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { TransactionResult } from '../../schemas/results.ts'

const ByNonce = z.record(z.string(), TransactionResult)

export const txpool_contentFrom = defineMethod({
  name: 'txpool_contentFrom',
  summary: 'Pooled transactions of one sender by nonce.',
  params: z.tuple([param('address', Address)]),
  result: z.strictObject({ pending: ByNonce, queued: ByNonce }),
  handle([address], { pool }) {
    const ofSender = (transactions: readonly PooledTransaction[]) =>
      byAccount(
        transactions.filter(({ sender }) => sender === address),
        (pooled) => transactionToJson(pooled, pooledPlace),
      )[address] ?? {}
    return { pending: ofSender(pool.pending()), queued: ofSender(pool.queued()) }
  },
})
