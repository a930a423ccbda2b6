import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { Index, param } from '../../schemas/primitives.ts'

export const eth_getUncleByBlockNumberAndIndex = defineMethod({
  name: 'eth_getUncleByBlockNumberAndIndex',
  summary: 'Always null: there are no uncles.',
  params: z.tuple([param('block', BlockNumberOrTag), param('index', Index)]),
  result: z.null(),
  handle: () => null,
})
