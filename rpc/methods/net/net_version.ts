import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const net_version = defineMethod({
  name: 'net_version',
  aliases: ['eth_networkId'],
  summary: 'Chain id as a decimal string.',
  params: z.tuple([]),
  result: z.string(),
  handle: (_params, { chain }) => chain.chainId.toString(),
})
