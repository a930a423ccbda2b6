import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const anvil_dropAllTransactions = defineMethod({
  name: 'anvil_dropAllTransactions',
  aliases: ['hardhat_dropAllTransactions'],
  summary: 'Empties the pool.',
  params: z.tuple([]),
  result: z.null(),
  async handle(_params, { dev }) {
    await dev.dropAll()
    return null
  },
})
