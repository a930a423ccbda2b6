import { z } from 'zod'
import { findBlock, isPending } from '../../blocks/resolve-block.ts'
import { transactionOfBlock } from '../../encoding/block-json.ts'
import { pooledPlace, transactionToJson } from '../../encoding/transaction-json.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { Index, param } from '../../schemas/primitives.ts'
import { TransactionResult } from '../../schemas/results.ts'

export const eth_getTransactionByBlockNumberAndIndex = defineMethod({
  name: 'eth_getTransactionByBlockNumberAndIndex',
  summary: 'A transaction by its place in a block (pending: in the block that would be sealed now); null where there is none.',
  params: z.tuple([param('block', BlockNumberOrTag), param('index', Index)]),
  result: TransactionResult.nullable(),
  async handle([ref, index], { chain, simulator, batches }) {
    if (isPending(ref)) {
      const pooled = (await simulator.pendingBlock()).transactions[index]
      return pooled === undefined ? null : transactionToJson(pooled, pooledPlace)
    }
    const block = findBlock(ref, chain)
    return block === undefined ? null : transactionOfBlock(block, batches.position(block.header.number), index)
  },
})
