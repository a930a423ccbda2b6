import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const net_peerCount = defineMethod({
  name: 'net_peerCount',
  summary: 'Always 0: there is one sequencer and no peers.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => '0x0',
})
