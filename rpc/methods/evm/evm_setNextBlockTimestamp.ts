import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

export const evm_setNextBlockTimestamp = defineMethod({
  name: 'evm_setNextBlockTimestamp',
  aliases: ['anvil_setNextBlockTimestamp'],
  summary: 'Sets the timestamp, in seconds, of exactly the next block; returns it as a decimal string.',
  params: z.tuple([param('timestamp', LooseNumber)]),
  result: z.string().regex(/^[0-9]+$/),
  async handle([timestamp], { sealing }) {
    await sealing.setNextBlockTimestamp(BigInt(timestamp))
    return timestamp.toString()
  },
})
