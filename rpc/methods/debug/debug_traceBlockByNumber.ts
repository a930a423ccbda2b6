import { z } from 'zod'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { BlockTraceResult } from '../../schemas/results.ts'
import { TraceConfigParam, toTracer, traceSignal } from '../../schemas/trace-config.ts'

export const debug_traceBlockByNumber = defineMethod({
  name: 'debug_traceBlockByNumber',
  summary: 'Traces of all transactions of a block, given by number or tag.',
  params: z.tuple([param('block', BlockNumberOrTag), param('config', TraceConfigParam.nullish())]),
  result: BlockTraceResult,
  handle: ([ref, config], { chain, simulator, request }) =>
    simulator.traceBlock(requireBlock(ref, chain).header.number, toTracer(config), traceSignal(config, request)),
})
