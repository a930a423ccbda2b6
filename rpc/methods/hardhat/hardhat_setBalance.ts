import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseQuantity } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const hardhat_setBalance = defineMethod({
  name: 'hardhat_setBalance',
  aliases: ['anvil_setBalance', 'tenderly_setBalance'],
  summary: 'Sets the balance of an account, in wei. Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('balance', LooseQuantity)]),
  result: z.literal(true),
  async handle([address, balance], { dev }) {
    await dev.edit(() => [{ address, balance }])
    return true as const
  },
})
