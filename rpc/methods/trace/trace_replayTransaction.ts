import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { replayToJson, replayTracer } from '../../traces/parity-replay.ts'
import { ReplayResult, TraceTypesParam } from '../../traces/parity-schemas.ts'

export const trace_replayTransaction = defineMethod({
  name: 'trace_replayTransaction',
  summary: 'Output, calls (trace) and state changes (stateDiff) of a sealed transaction; vmTrace is not supported.',
  params: z.tuple([param('transactionHash', Hash), param('traceTypes', TraceTypesParam)]),
  result: ReplayResult,
  handle: async ([hash, types], { simulator, request }) =>
    replayToJson(await simulator.traceTransaction(hash, replayTracer(types), request.signal), types),
})
