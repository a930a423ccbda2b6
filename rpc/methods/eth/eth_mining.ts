import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const eth_mining = defineMethod({
  name: 'eth_mining',
  summary: 'Always false: blocks are sealed, not mined.',
  params: z.tuple([]),
  result: z.boolean(),
  handle: () => false,
})
