import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const anvil_removePoolTransactions = defineMethod({
  name: 'anvil_removePoolTransactions',
  aliases: ['hardhat_removePoolTransactions'],
  summary: 'Takes what an account has in the pool out of it.',
  params: z.tuple([param('address', Address)]),
  result: z.null(),
  async handle([address], { dev }) {
    await dev.dropAll(address)
    return null
  },
})
