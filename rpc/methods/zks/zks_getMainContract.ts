import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'

export const zks_getMainContract = defineMethod({
  name: 'zks_getMainContract',
  summary: 'Address of the Rollup contract on L1.',
  params: z.tuple([]),
  result: AddressResult,
  handle: (_params, { info }) => info().contracts.rollup,
})
