import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const hardhat_impersonateAccount = defineMethod({
  name: 'hardhat_impersonateAccount',
  aliases: ['anvil_impersonateAccount'],
  summary:
    'Lets eth_sendTransaction send from an account, contracts included, without its key. A block with such a transaction makes its batch a dev batch.',
  params: z.tuple([param('address', Address)]),
  result: z.literal(true),
  async handle([address], { dev }) {
    await dev.impersonate(address)
    return true as const
  },
})
