import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, Index, param } from '../../schemas/primitives.ts'

export const eth_getUncleByBlockHashAndIndex = defineMethod({
  name: 'eth_getUncleByBlockHashAndIndex',
  summary: 'Always null: there are no uncles.',
  params: z.tuple([param('blockHash', Hash), param('index', Index)]),
  result: z.null(),
  handle: () => null,
})
