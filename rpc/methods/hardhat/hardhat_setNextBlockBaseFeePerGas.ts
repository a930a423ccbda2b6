import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseQuantity } from '../../schemas/loose-quantity.ts'
import { param } from '../../schemas/primitives.ts'

export const hardhat_setNextBlockBaseFeePerGas = defineMethod({
  name: 'hardhat_setNextBlockBaseFeePerGas',
  aliases: ['anvil_setNextBlockBaseFeePerGas'],
  summary:
    'Sets the base fee of the next block, in wei. Makes the next block, and so its batch, a dev one, unless it is what the rules give anyway.',
  params: z.tuple([param('baseFeePerGas', LooseQuantity)]),
  result: z.literal(true),
  async handle([nextBaseFeePerGas], { dev }) {
    await dev.setBlock({ nextBaseFeePerGas })
    return true as const
  },
})
