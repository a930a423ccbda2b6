import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_getTransactionCycles = defineMethod({
  name: 'zkdevnet_getTransactionCycles',
  summary:
    'What the guest program took for a transaction: instructions, and weighted with the cost of its system functions. Null until its batch was checked.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z.strictObject({ batch: QuantityResult, cycles: QuantityResult, weightedCycles: QuantityResult }).nullable(),
  handle([hash], { batches }) {
    const cycles = batches.transactionCycles(hash)
    if (cycles === undefined) return null
    return {
      batch: toQuantity(cycles.batchNumber),
      cycles: toQuantity(cycles.cycles),
      weightedCycles: toQuantity(cycles.weightedCycles),
    }
  },
})
