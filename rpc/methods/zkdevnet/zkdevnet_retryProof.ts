import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param, Quantity64 } from '../../schemas/primitives.ts'

export const zkdevnet_retryProof = defineMethod({
  name: 'zkdevnet_retryProof',
  summary: 'Lets the proof of a batch, of which every attempt failed, be tried again.',
  params: z.tuple([param('batch', Quantity64)]),
  result: z.literal(true),
  async handle([number], { batchControl }) {
    await batchControl.retryProof(number)
    return true as const
  },
})
