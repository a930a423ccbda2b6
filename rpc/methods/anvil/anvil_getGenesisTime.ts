import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const anvil_getGenesisTime = defineMethod({
  name: 'anvil_getGenesisTime',
  summary: 'Timestamp of the first block that the node has, in seconds.',
  params: z.tuple([]),
  result: z.number().int(),
  handle: (_params, { chain }) => Number((chain.blockByNumber(chain.historyStart()) ?? chain.head()).header.timestamp),
})
