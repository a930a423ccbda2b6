import { z } from 'zod'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { BlockTraceResult } from '../../schemas/results.ts'
import { TraceConfigParam, toTracer, traceSignal } from '../../schemas/trace-config.ts'

export const debug_traceBlockByHash = defineMethod({
  name: 'debug_traceBlockByHash',
  summary: 'Traces of all transactions of a block, given by hash.',
  params: z.tuple([param('blockHash', Hash), param('config', TraceConfigParam.nullish())]),
  result: BlockTraceResult,
  handle: ([hash, config], { chain, simulator, request }) =>
    simulator.traceBlock(requireBlock({ kind: 'hash', hash }, chain).header.number, toTracer(config), traceSignal(config, request)),
})
