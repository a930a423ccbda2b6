import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const anvil_dropTransaction = defineMethod({
  name: 'anvil_dropTransaction',
  summary: 'Takes a transaction out of the pool and returns its hash; null where it is not there.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: HashResult.nullable(),
  handle: async ([hash], { dev }) => ((await dev.drop(hash)) ? hash : null),
})
