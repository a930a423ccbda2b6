import { z } from 'zod'
import type { Hex } from '../../../core/index.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zks_getL1BatchBlockRange = defineMethod({
  name: 'zks_getL1BatchBlockRange',
  summary: 'First and last block of a batch; null where there is no such batch.',
  params: z.tuple([param('batch', LooseNumber)]),
  result: z.tuple([QuantityResult, QuantityResult]).nullable(),
  handle([number], { batches }) {
    const batch = batches.batch(BigInt(number))
    if (batch === undefined) return null
    const range: [Hex, Hex] = [toQuantity(batch.firstBlockNumber), toQuantity(batch.lastBlockNumber)]
    return range
  },
})
