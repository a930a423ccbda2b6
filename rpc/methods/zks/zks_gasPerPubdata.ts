import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zks_gasPerPubdata = defineMethod({
  name: 'zks_gasPerPubdata',
  summary: "Always 0: gas is Ethereum's, and nothing is charged for the bytes that go to L1.",
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => toQuantity(0),
})
