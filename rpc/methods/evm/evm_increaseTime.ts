import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

export const evm_increaseTime = defineMethod({
  name: 'evm_increaseTime',
  aliases: ['anvil_increaseTime'],
  summary: 'Shifts the clock of coming blocks by seconds; returns the total shift as a decimal string.',
  params: z.tuple([param('seconds', LooseNumber)]),
  result: z.string().regex(/^[0-9]+$/),
  handle: async ([seconds], { sealing }) => (await sealing.increaseTime(BigInt(seconds))).toString(),
})
