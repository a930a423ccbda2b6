import { z } from 'zod'
import { batchToJson } from '../../encoding/batch-json.ts'
import { defineMethod } from '../../method.ts'
import { BatchResult } from '../../schemas/batch-results.ts'
import { param, Quantity64 } from '../../schemas/primitives.ts'

export const zkdevnet_getBatch = defineMethod({
  name: 'zkdevnet_getBatch',
  summary: 'A sealed batch with its status and its L1 transactions; null where there is none.',
  params: z.tuple([param('batch', Quantity64)]),
  result: BatchResult.nullable(),
  handle([number], { batches }) {
    const batch = batches.batch(number)
    return batch === undefined ? null : batchToJson(batch, batches.batchCycles(number))
  },
})
