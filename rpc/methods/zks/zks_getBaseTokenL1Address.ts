import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { AddressResult } from '../../schemas/results.ts'
import { ethInContracts } from '../../zks/addresses.ts'

export const zks_getBaseTokenL1Address = defineMethod({
  name: 'zks_getBaseTokenL1Address',
  summary: "Always 0x…01, zkSync's name for ether: fees are paid in it.",
  params: z.tuple([]),
  result: AddressResult,
  handle: () => ethInContracts,
})
