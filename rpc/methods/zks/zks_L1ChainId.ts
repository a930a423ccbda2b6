import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zks_L1ChainId = defineMethod({
  name: 'zks_L1ChainId',
  summary: 'Chain id of the L1.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: (_params, { info }) => toQuantity(info().l1ChainId),
})
