import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'
import { zeroAddress } from '../../zks/addresses.ts'

export const zks_getBridgehubContract = defineMethod({
  name: 'zks_getBridgehubContract',
  summary: 'The zero address: a single rollup has no Bridgehub. Deposit through the Bridge.',
  params: z.tuple([]),
  result: AddressResult,
  handle: () => zeroAddress,
})
