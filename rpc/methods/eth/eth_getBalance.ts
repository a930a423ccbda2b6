import { z } from 'zod'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_getBalance = defineMethod({
  name: 'eth_getBalance',
  summary: 'Balance of an account after a block, in wei.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: QuantityResult,
  handle: ([address, ref], { chain, state }) =>
    toQuantity(state.stateAt(requireBlockNumber(ref ?? latestRef, chain)).account(address).balance),
})
