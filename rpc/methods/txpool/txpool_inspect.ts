import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { byAccount, summarize } from '../../pool/by-account.ts'

const ByAccount = z.record(z.string(), z.record(z.string(), z.string()))

export const txpool_inspect = defineMethod({
  name: 'txpool_inspect',
  summary: 'Pooled transactions by sender and nonce, a line of text each.',
  params: z.tuple([]),
  result: z.strictObject({ pending: ByAccount, queued: ByAccount }),
  handle: (_params, { pool }) => ({ pending: byAccount(pool.pending(), summarize), queued: byAccount(pool.queued(), summarize) }),
})
