import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { CallParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { TraceCallConfigParam, toTracer, traceSignal } from '../../schemas/trace-config.ts'

export const debug_traceCall = defineMethod({
  name: 'debug_traceCall',
  summary: 'Trace of a call that changes nothing, optionally with overridden state and block fields.',
  params: z.tuple([
    param('transaction', CallParam),
    param('block', BlockRefParam.nullish()),
    param('config', TraceCallConfigParam.nullish()),
  ]),
  result: z.unknown(),
  handle([call, ref, config], { chain, simulator, request }) {
    const context = {
      ...simulationContext(ref ?? latestRef, chain),
      ...(config?.stateOverrides != null && { stateOverrides: config.stateOverrides }),
      ...(config?.blockOverrides != null && { blockOverrides: config.blockOverrides }),
    }
    return simulator.traceCall(call, context, toTracer(config), traceSignal(config, request))
  },
})
