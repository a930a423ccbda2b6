import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_chainId = defineMethod({
  name: 'eth_chainId',
  summary: 'Chain id that transactions are signed for (EIP-155).',
  params: z.tuple([]),
  result: QuantityResult,
  handle: (_params, { chain }) => toQuantity(chain.chainId),
})
