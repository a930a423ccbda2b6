import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_hashrate = defineMethod({
  name: 'eth_hashrate',
  summary: 'Always 0: there is no proof of work.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => '0x0',
})
