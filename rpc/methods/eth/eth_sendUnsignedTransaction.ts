import { z } from 'zod'
import { sendImpersonated } from '../../accounts/send-impersonated.ts'
import { defineMethod } from '../../method.ts'
import { SendableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const eth_sendUnsignedTransaction = defineMethod({
  name: 'eth_sendUnsignedTransaction',
  summary:
    'Fills in and submits a transaction of any account without a signature; returns its hash. Its block makes the batch a dev batch.',
  params: z.tuple([param('transaction', SendableParam)]),
  result: HashResult,
  handle: ([{ from, request }], context) => sendImpersonated(from, request, context),
})
