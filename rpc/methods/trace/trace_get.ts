import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, Index, param } from '../../schemas/primitives.ts'
import { flatFrameToJson, parityCalls } from '../../traces/parity-replay.ts'
import { FlatTraceResult } from '../../traces/parity-schemas.ts'

export const trace_get = defineMethod({
  name: 'trace_get',
  summary: 'One call of a sealed transaction by its path; null where there is none.',
  params: z.tuple([param('transactionHash', Hash), param('traceAddress', z.array(Index).max(1_024))]),
  result: FlatTraceResult.nullable(),
  async handle([hash, path], { chain, simulator, request }) {
    if (chain.transaction(hash) === undefined) return null
    const frames = await simulator.traceTransaction(hash, parityCalls, request.signal)
    const found = frames.find(
      ({ traceAddress }) => traceAddress.length === path.length && traceAddress.every((index, i) => index === path[i]),
    )
    return found === undefined ? null : flatFrameToJson(found)
  },
})
