import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, Data, param } from '../../schemas/primitives.ts'

export const hardhat_setCode = defineMethod({
  name: 'hardhat_setCode',
  aliases: ['anvil_setCode'],
  summary: 'Sets the code of an account, of any size up to what a block may change. Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('code', Data)]),
  result: z.literal(true),
  async handle([address, code], { dev }) {
    await dev.edit(() => [{ address, code }])
    return true as const
  },
})
