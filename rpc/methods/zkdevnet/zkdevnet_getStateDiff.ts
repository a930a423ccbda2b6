import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { param, Quantity64 } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const zkdevnet_getStateDiff = defineMethod({
  name: 'zkdevnet_getStateDiff',
  summary: 'State diff of a batch as it is posted to L1 (docs/formats.md §2); null where there is none.',
  params: z.tuple([param('batch', Quantity64)]),
  result: DataResult.nullable(),
  handle([number], { batches }) {
    const diff = batches.stateDiff(number)
    return diff === undefined ? null : bytesToHex(diff)
  },
})
