import { z } from 'zod'
import { findBlock, isPending } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getBlockTransactionCountByNumber = defineMethod({
  name: 'eth_getBlockTransactionCountByNumber',
  summary: 'Number of transactions in a block (pending: in the block that would be sealed now); null for an unknown block.',
  params: z.tuple([param('block', BlockNumberOrTag)]),
  result: QuantityResult.nullable(),
  async handle([ref], { chain, simulator }) {
    if (isPending(ref)) return toQuantity((await simulator.pendingBlock()).transactions.length)
    const block = findBlock(ref, chain)
    return block === undefined ? null : toQuantity(block.transactions.length)
  },
})
