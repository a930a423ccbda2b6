import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const hardhat_setCoinbase = defineMethod({
  name: 'hardhat_setCoinbase',
  aliases: ['anvil_setCoinbase'],
  summary: 'Sets who gets the priority fees of coming blocks. The sequencer is free to, so batches stay provable.',
  params: z.tuple([param('address', Address)]),
  result: z.literal(true),
  async handle([coinbase], { dev }) {
    await dev.setBlock({ coinbase })
    return true as const
  },
})
