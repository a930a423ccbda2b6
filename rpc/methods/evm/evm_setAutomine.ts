import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'

export const evm_setAutomine = defineMethod({
  name: 'evm_setAutomine',
  aliases: ['anvil_setAutoMine', 'anvil_setAutomine'],
  summary: 'Turns sealing a block per transaction on or off.',
  params: z.tuple([param('enabled', z.boolean())]),
  result: z.literal(true),
  async handle([enabled], { sealing }) {
    await sealing.setAutomine(enabled)
    return true as const
  },
})
