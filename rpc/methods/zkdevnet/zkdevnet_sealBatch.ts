import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_sealBatch = defineMethod({
  name: 'zkdevnet_sealBatch',
  summary: 'Closes the open batch now and returns its number; null where it has no block.',
  params: z.tuple([]),
  result: QuantityResult.nullable(),
  async handle(_params, { batchControl }) {
    const number = await batchControl.seal()
    return number === null ? null : toQuantity(number)
  },
})
