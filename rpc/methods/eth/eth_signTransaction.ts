import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { fillTransaction } from '../../accounts/fill-transaction.ts'
import { defineMethod } from '../../method.ts'
import { SendableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_signTransaction = defineMethod({
  name: 'eth_signTransaction',
  summary: 'Fills in and signs a transaction of a dev account; returns the signed bytes and submits nothing.',
  params: z.tuple([param('transaction', SendableParam)]),
  result: DataResult,
  async handle([{ from, request }], context) {
    const transaction = await fillTransaction(from, request, context)
    return bytesToHex(await context.accounts.signTransaction(from, transaction))
  },
})
