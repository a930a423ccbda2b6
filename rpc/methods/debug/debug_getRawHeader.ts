import { z } from 'zod'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { headerToRlp } from '../../encoding/consensus-rlp.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const debug_getRawHeader = defineMethod({
  name: 'debug_getRawHeader',
  summary: 'RLP of a block’s header, whose keccak256 is the block hash.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: DataResult,
  handle: ([ref], { chain }) => headerToRlp(requireBlock(ref, chain).header),
})
