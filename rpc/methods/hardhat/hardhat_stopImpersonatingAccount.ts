import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const hardhat_stopImpersonatingAccount = defineMethod({
  name: 'hardhat_stopImpersonatingAccount',
  aliases: ['anvil_stopImpersonatingAccount'],
  summary: 'Ends an impersonation; false where there was none. Transactions in the pool stay.',
  params: z.tuple([param('address', Address)]),
  result: z.boolean(),
  handle: ([address], { dev }) => dev.stopImpersonating(address),
})
