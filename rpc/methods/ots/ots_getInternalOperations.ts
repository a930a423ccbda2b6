import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { internalOperations } from '../../otterscan/call-list.ts'
import { InternalOperationResult } from '../../otterscan/schemas.ts'
import { Hash, param } from '../../schemas/primitives.ts'

export const ots_getInternalOperations = defineMethod({
  name: 'ots_getInternalOperations',
  summary: 'Transfers of ETH, creations and destructions that contracts made in a transaction.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z.array(InternalOperationResult),
  handle: async ([hash], { simulator, request }) =>
    internalOperations(await simulator.traceTransaction(hash, { name: 'callTracer', onlyTopCall: false, withLog: false }, request.signal)),
})
