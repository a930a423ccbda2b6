import { z } from 'zod'
import { batchToJson } from '../../encoding/batch-json.ts'
import { defineMethod } from '../../method.ts'
import { BatchResult } from '../../schemas/batch-results.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

const maxBatches = 100

export const zkdevnet_listBatches = defineMethod({
  name: 'zkdevnet_listBatches',
  summary: 'Sealed batches from a number on, ascending, at most 100; without a number, the newest ones.',
  params: z.tuple([param('from', LooseNumber.nullish()), param('limit', LooseNumber.nullish())]),
  result: z.array(BatchResult),
  handle([from, limit], { batches }) {
    const count = Math.min(limit ?? maxBatches, maxBatches)
    if (count === 0) return []
    const newest = batches.latest() - BigInt(count) + 1n
    const first = from == null ? newest : BigInt(from)
    return batches.batches(first < 0n ? 0n : first, count).map((batch) => batchToJson(batch, batches.batchCycles(batch.number)))
  },
})
