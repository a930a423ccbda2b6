import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_blockNumber = defineMethod({
  name: 'eth_blockNumber',
  summary: 'Number of the newest sealed block.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: (_params, { chain }) => toQuantity(chain.head().header.number),
})
