import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_getRawTransactionByHash = defineMethod({
  name: 'eth_getRawTransactionByHash',
  summary: 'The signed bytes of a sealed or pooled transaction; null for an unknown one.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: DataResult.nullable(),
  handle([hash], { chain, pool }) {
    const transaction = chain.transaction(hash) ?? pool.find(hash)
    return transaction === undefined ? null : bytesToHex(transaction.raw)
  },
})
