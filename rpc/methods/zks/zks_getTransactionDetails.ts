import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { TransactionDetailsResult } from '../../schemas/zks-results.ts'
import { pendingTransactionDetails, sealedTransactionDetails } from '../../zks/details.ts'

export const zks_getTransactionDetails = defineMethod({
  name: 'zks_getTransactionDetails',
  summary:
    'A transaction and how far its batch is, in the terms of zkSync: pending, included, verified (its batch is executed on L1) or failed.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: TransactionDetailsResult.nullable(),
  handle([hash], { chain, batches, pool, sealing }) {
    const receipt = chain.receipt(hash)
    if (receipt !== undefined) return sealedTransactionDetails(receipt, { chain, batches })
    const pooled = pool.find(hash)
    return pooled === undefined ? null : pendingTransactionDetails(pooled, sealing.nextBlock())
  },
})
