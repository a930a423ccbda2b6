import { z } from 'zod'
import { isPending, requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getTransactionCount = defineMethod({
  name: 'eth_getTransactionCount',
  summary: 'Nonce of an account after a block; pending counts its executable transactions in the pool.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: QuantityResult,
  handle([address, ref], { chain, pool, state }) {
    const block = ref ?? latestRef
    if (isPending(block)) return toQuantity(pool.nextNonce(address))
    return toQuantity(state.stateAt(requireBlockNumber(block, chain)).account(address).nonce)
  },
})
