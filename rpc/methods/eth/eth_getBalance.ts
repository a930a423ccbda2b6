import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'
import { readState } from '../../state/read-state.ts'

export const eth_getBalance = defineMethod({
  name: 'eth_getBalance',
  summary: 'Balance of an account after a block, in wei.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: QuantityResult,
  handle: ([address, ref], context) => readState(ref ?? latestRef, context, (state) => toQuantity(state.account(address)?.balance ?? 0n)),
})
