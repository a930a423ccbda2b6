import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BatchStatusResult } from '../../schemas/batch-results.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_batchNumber = defineMethod({
  name: 'zkdevnet_batchNumber',
  summary: 'Newest batch with at least that status (sealed by default); 0 is the genesis batch.',
  params: z.tuple([param('status', BatchStatusResult.nullish())]),
  result: QuantityResult,
  handle: ([status], { batches }) => toQuantity(batches.latest(status ?? 'sealed')),
})
