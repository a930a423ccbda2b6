import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { listCalls } from '../../otterscan/call-list.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { AddressResult, DataResult, QuantityResult } from '../../schemas/results.ts'

const CallResult = z
  .strictObject({
    type: z.string(),
    depth: z.number(),
    from: AddressResult,
    to: AddressResult.nullable(),
    value: QuantityResult.nullable(),
    input: DataResult,
    output: DataResult,
  })
  .meta({ title: 'ListedCall' })

export const ots_traceTransaction = defineMethod({
  name: 'ots_traceTransaction',
  summary: 'The calls of a transaction in their order, each with its depth.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z.array(CallResult),
  handle: async ([hash], { simulator, request }) =>
    listCalls(await simulator.traceTransaction(hash, { name: 'callTracer', onlyTopCall: false, withLog: false }, request.signal)),
})
