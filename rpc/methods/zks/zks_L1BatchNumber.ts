import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zks_L1BatchNumber = defineMethod({
  name: 'zks_L1BatchNumber',
  summary: 'Number of the newest sealed batch.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: (_params, { batches }) => toQuantity(batches.latest()),
})
