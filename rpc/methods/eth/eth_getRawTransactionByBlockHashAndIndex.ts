import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { Hash, Index, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_getRawTransactionByBlockHashAndIndex = defineMethod({
  name: 'eth_getRawTransactionByBlockHashAndIndex',
  summary: 'The signed bytes of a transaction by its place in a block; null where there is none.',
  params: z.tuple([param('blockHash', Hash), param('index', Index)]),
  result: DataResult.nullable(),
  handle([hash, index], { chain }) {
    const transaction = chain.blockByHash(hash)?.transactions[index]
    return transaction === undefined ? null : bytesToHex(transaction.raw)
  },
})
