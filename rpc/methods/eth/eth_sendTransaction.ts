import { z } from 'zod'
import { fillTransaction } from '../../accounts/fill-transaction.ts'
import { defineMethod } from '../../method.ts'
import { SendableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const eth_sendTransaction = defineMethod({
  name: 'eth_sendTransaction',
  summary: 'Fills in, signs and submits a transaction of a dev account; returns its hash.',
  params: z.tuple([param('transaction', SendableParam)]),
  result: HashResult,
  handle([{ from, request }], context) {
    const { accounts, pool } = context
    return accounts.exclusively(from, async () => {
      const transaction = await fillTransaction(from, request, context)
      return pool.submit(await accounts.signTransaction(from, transaction))
    })
  },
})
