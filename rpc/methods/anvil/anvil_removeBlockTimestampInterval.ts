import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const anvil_removeBlockTimestampInterval = defineMethod({
  name: 'anvil_removeBlockTimestampInterval',
  summary: 'Lets timestamps follow the clock again; false where they did.',
  params: z.tuple([]),
  result: z.boolean(),
  async handle(_params, { dev }) {
    if (dev.blockSettings().timestampInterval === null) return false
    await dev.setBlock({ timestampInterval: null })
    return true
  },
})
