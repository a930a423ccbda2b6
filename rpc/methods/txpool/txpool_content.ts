import { z } from 'zod'
import { pooledPlace, transactionToJson } from '../../encoding/transaction-json.ts'
import { defineMethod } from '../../method.ts'
import { byAccount } from '../../pool/by-account.ts'
import { TransactionResult } from '../../schemas/results.ts'

const ByAccount = z.record(z.string(), z.record(z.string(), TransactionResult))

export const txpool_content = defineMethod({
  name: 'txpool_content',
  summary: 'Pooled transactions by sender and nonce.',
  params: z.tuple([]),
  result: z.strictObject({ pending: ByAccount, queued: ByAccount }),
  handle: (_params, { pool }) => ({
    pending: byAccount(pool.pending(), (pooled) => transactionToJson(pooled, pooledPlace)),
    queued: byAccount(pool.queued(), (pooled) => transactionToJson(pooled, pooledPlace)),
  }),
})
