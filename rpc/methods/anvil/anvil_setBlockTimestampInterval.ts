import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

export const anvil_setBlockTimestampInterval = defineMethod({
  name: 'anvil_setBlockTimestampInterval',
  summary: "Sets the seconds from a block's timestamp to the next one's (at least 1), whatever the clock says.",
  params: z.tuple([param('seconds', LooseNumber)]),
  result: z.null(),
  async handle([seconds], { dev }) {
    await dev.setBlock({ timestampInterval: BigInt(seconds) })
    return null
  },
})
