import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'

export const eth_coinbase = defineMethod({
  name: 'eth_coinbase',
  summary: 'Address that priority fees go to.',
  params: z.tuple([]),
  result: AddressResult,
  handle: (_params, { sealing }) => sealing.nextBlock().coinbase,
})
