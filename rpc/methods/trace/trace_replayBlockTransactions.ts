import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { replayToJson, replayTracer } from '../../traces/parity-replay.ts'
import { ReplayResult, TraceTypesParam } from '../../traces/parity-schemas.ts'

export const trace_replayBlockTransactions = defineMethod({
  name: 'trace_replayBlockTransactions',
  summary: 'Output, calls (trace) and state changes (stateDiff) of all transactions of a block; null for an unknown block.',
  params: z.tuple([param('block', BlockRefParam), param('traceTypes', TraceTypesParam)]),
  result: z.array(ReplayResult).nullable(),
  async handle([ref, types], { chain, simulator, request }) {
    const block = findBlock(ref, chain)
    if (block === undefined) return null
    if (block.transactions.length === 0) return []
    const traced = await simulator.traceBlock(block.header.number, replayTracer(types), request.signal)
    return traced.map(({ txHash, result }) => ({ ...replayToJson(result, types), transactionHash: txHash }))
  },
})
