import { z } from 'zod'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { blockToRlp } from '../../encoding/consensus-rlp.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const debug_getRawBlock = defineMethod({
  name: 'debug_getRawBlock',
  summary: 'RLP of a whole block.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: DataResult,
  handle: ([ref], { chain }) => blockToRlp(requireBlock(ref, chain)),
})
