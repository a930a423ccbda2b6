import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getUncleCountByBlockNumber = defineMethod({
  name: 'eth_getUncleCountByBlockNumber',
  summary: 'Always 0, as there are no uncles; null for an unknown block.',
  params: z.tuple([param('block', BlockNumberOrTag)]),
  result: QuantityResult.nullable(),
  handle: ([ref], { chain }) => (findBlock(ref, chain) === undefined ? null : '0x0'),
})
