import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { callsOfBlock } from '../../traces/block-calls.ts'
import { flatFrameToJson } from '../../traces/parity-replay.ts'
import { FlatTraceResult } from '../../traces/parity-schemas.ts'

export const trace_block = defineMethod({
  name: 'trace_block',
  summary: 'All calls, creations and destructions of a block in one list; null for an unknown block. There are no rewards.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: z.array(FlatTraceResult).nullable(),
  async handle([ref], context) {
    const block = findBlock(ref, context.chain)
    return block === undefined ? null : (await callsOfBlock(block, context)).map(flatFrameToJson)
  },
})
