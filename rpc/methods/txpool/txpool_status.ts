import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const txpool_status = defineMethod({
  name: 'txpool_status',
  summary: 'How many transactions are executable (pending) and how many wait for an earlier nonce (queued).',
  params: z.tuple([]),
  result: z.strictObject({ pending: QuantityResult, queued: QuantityResult }),
  handle: (_params, { pool }) => ({ pending: toQuantity(pool.pending().length), queued: toQuantity(pool.queued().length) }),
})
