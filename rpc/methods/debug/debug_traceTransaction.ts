import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { TraceConfigParam, toTracer, traceSignal } from '../../schemas/trace-config.ts'

export const debug_traceTransaction = defineMethod({
  name: 'debug_traceTransaction',
  summary:
    'Trace of a sealed transaction: struct logs, or what the callTracer, prestateTracer, 4byteTracer, flatCallTracer, noopTracer or muxTracer tells. Tracers in JavaScript are not supported.',
  params: z.tuple([param('transactionHash', Hash), param('config', TraceConfigParam.nullish())]),
  result: z.unknown(),
  handle: ([hash, config], { simulator, request }) => simulator.traceTransaction(hash, toTracer(config), traceSignal(config, request)),
})
