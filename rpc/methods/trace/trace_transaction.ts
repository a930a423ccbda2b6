import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { flatFrameToJson, parityCalls } from '../../traces/parity-replay.ts'
import { FlatTraceResult } from '../../traces/parity-schemas.ts'

export const trace_transaction = defineMethod({
  name: 'trace_transaction',
  summary: 'All calls, creations and destructions of a sealed transaction in one list; null for an unknown one.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z.array(FlatTraceResult).nullable(),
  async handle([hash], { chain, simulator, request }) {
    if (chain.transaction(hash) === undefined) return null
    return (await simulator.traceTransaction(hash, parityCalls, request.signal)).map(flatFrameToJson)
  },
})
