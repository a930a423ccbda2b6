import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'

export const zks_getTestnetPaymaster = defineMethod({
  name: 'zks_getTestnetPaymaster',
  summary: 'Null: there are no paymasters.',
  params: z.tuple([]),
  result: AddressResult.nullable(),
  handle: () => null,
})
