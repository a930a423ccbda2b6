import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { BlockOverridesParam, CallParam, StateOverridesParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { replayToJson, replayTracer } from '../../traces/parity-replay.ts'
import { ReplayResult, TraceTypesParam } from '../../traces/parity-schemas.ts'

export const trace_call = defineMethod({
  name: 'trace_call',
  summary: 'Output, calls (trace) and state changes (stateDiff) of a call that changes nothing; vmTrace is not supported.',
  params: z.tuple([
    param('transaction', CallParam),
    param('traceTypes', TraceTypesParam),
    param('block', BlockRefParam.nullish()),
    param('stateOverrides', StateOverridesParam.nullish()),
    param('blockOverrides', BlockOverridesParam.nullish()),
  ]),
  result: ReplayResult,
  async handle([call, types, ref, stateOverrides, blockOverrides], { chain, simulator, request }) {
    const context = {
      ...simulationContext(ref ?? latestRef, chain),
      ...(stateOverrides != null && { stateOverrides }),
      ...(blockOverrides != null && { blockOverrides }),
    }
    return replayToJson(await simulator.traceCall(call, context, replayTracer(types), request.signal), types)
  },
})
