import { z } from 'zod'
import { pooledPlace, transactionToJson } from '../../encoding/transaction-json.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { TransactionResult } from '../../schemas/results.ts'

export const eth_getTransactionByHash = defineMethod({
  name: 'eth_getTransactionByHash',
  summary: 'A sealed or pooled transaction; null for an unknown one.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: TransactionResult.nullable(),
  handle([hash], { chain, pool, batches }) {
    const sealed = chain.transaction(hash)
    if (sealed !== undefined) {
      const baseFeePerGas = chain.blockByNumber(sealed.blockNumber)?.header.baseFeePerGas
      const position = batches.position(sealed.blockNumber)
      return transactionToJson(sealed, { ...sealed, position, ...(baseFeePerGas !== undefined && { baseFeePerGas }) })
    }
    const pooled = pool.find(hash)
    return pooled === undefined ? null : transactionToJson(pooled, pooledPlace)
  },
})
