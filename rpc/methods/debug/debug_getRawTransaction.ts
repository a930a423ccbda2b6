import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const debug_getRawTransaction = defineMethod({
  name: 'debug_getRawTransaction',
  summary: 'The signed bytes of a sealed or pooled transaction; 0x for an unknown one.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: DataResult,
  handle([hash], { chain, pool }) {
    const transaction = chain.transaction(hash) ?? pool.find(hash)
    return transaction === undefined ? '0x' : bytesToHex(transaction.raw)
  },
})
