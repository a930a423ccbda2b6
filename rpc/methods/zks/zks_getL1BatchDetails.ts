import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { BatchDetailsResult } from '../../schemas/zks-results.ts'
import { batchDetails } from '../../zks/details.ts'

export const zks_getL1BatchDetails = defineMethod({
  name: 'zks_getL1BatchDetails',
  summary: 'A sealed batch in the terms of zkSync; null where there is none. Its status is verified once L1 has executed it.',
  params: z.tuple([param('batch', LooseNumber)]),
  result: BatchDetailsResult.nullable(),
  handle([number], { batches, chain }) {
    const batch = batches.batch(BigInt(number))
    return batch === undefined ? null : batchDetails(batch, chain)
  },
})
