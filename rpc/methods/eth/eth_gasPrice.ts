import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { suggestedPriorityFee } from '../../fees/suggest-fees.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_gasPrice = defineMethod({
  name: 'eth_gasPrice',
  summary: 'Base fee of the next block plus the suggested priority fee, in wei.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: (_params, { sealing }) => toQuantity(sealing.nextBlock().baseFeePerGas + suggestedPriorityFee),
})
