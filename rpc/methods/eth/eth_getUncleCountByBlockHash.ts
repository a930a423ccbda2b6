import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getUncleCountByBlockHash = defineMethod({
  name: 'eth_getUncleCountByBlockHash',
  summary: 'Always 0, as there are no uncles; null for an unknown block.',
  params: z.tuple([param('blockHash', Hash)]),
  result: QuantityResult.nullable(),
  handle: ([hash], { chain }) => (chain.blockByHash(hash) === undefined ? null : '0x0'),
})
