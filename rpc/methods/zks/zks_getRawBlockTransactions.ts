import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { RawBlockTransactionResult } from '../../schemas/zks-results.ts'
import { rawBlockTransaction } from '../../zks/raw-transaction.ts'

export const zks_getRawBlockTransactions = defineMethod({
  name: 'zks_getRawBlockTransactions',
  summary: 'The transactions of a block in the shape of zkSync; none for an unknown block. `eth_getBlockByNumber` says the same better.',
  params: z.tuple([param('block', LooseNumber)]),
  result: z.array(RawBlockTransactionResult),
  handle([number], { chain }) {
    const block = chain.blockByNumber(BigInt(number))
    return block === undefined ? [] : block.transactions.map((transaction) => rawBlockTransaction(transaction, block.header))
  },
})
