import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const ots_getTransactionError = defineMethod({
  name: 'ots_getTransactionError',
  summary: 'Return data with which a transaction reverted; 0x where there is none.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: DataResult,
  async handle([hash], { simulator, request }) {
    const { error, output } = await simulator.traceTransaction(
      hash,
      { name: 'callTracer', onlyTopCall: true, withLog: false },
      request.signal,
    )
    return error === undefined ? '0x' : (output ?? '0x')
  },
})
