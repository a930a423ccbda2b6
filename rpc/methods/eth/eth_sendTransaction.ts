import { z } from 'zod'
import { sendTransaction } from '../../accounts/send-transaction.ts'
import { defineMethod } from '../../method.ts'
import { SendableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const eth_sendTransaction = defineMethod({
  name: 'eth_sendTransaction',
  summary: 'Fills in, signs and submits a transaction of a dev account, or, without a signature, of an impersonated one; returns its hash.',
  params: z.tuple([param('transaction', SendableParam)]),
  result: HashResult,
  handle: ([{ from, request }], context) => sendTransaction(from, request, context),
})
