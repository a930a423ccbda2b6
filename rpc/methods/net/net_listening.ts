import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const net_listening = defineMethod({
  name: 'net_listening',
  summary: 'Always true: a node that answers listens.',
  params: z.tuple([]),
  result: z.boolean(),
  handle: () => true,
})
