import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { suggestedPriorityFee } from '../../fees/suggest-fees.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_maxPriorityFeePerGas = defineMethod({
  name: 'eth_maxPriorityFeePerGas',
  summary: 'Suggested priority fee, in wei.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => toQuantity(suggestedPriorityFee),
})
