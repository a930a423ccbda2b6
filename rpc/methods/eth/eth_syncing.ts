import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const eth_syncing = defineMethod({
  name: 'eth_syncing',
  summary: 'Always false: the sequencer has every block that exists.',
  params: z.tuple([]),
  result: z.literal(false),
  handle: () => false as const,
})
